//! Forms whose fields are written as `encoding` (or Swagger's `collectionFormat`) says: what goes over the wire, and that a
//! mock made from the document takes it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "../../rpc-runtime/tests/support/server.rs"]
#[allow(dead_code, reason = "shared with the runtime's tests, which use more of it")]
mod server;

use golden_calls::types::{A, EncodedPartsBody, Search, StyledPartsBody};
use rpc_codegen::Input;
use rpc_mock_spec::{Options, Spec};
use rpc_runtime::types::File;
use server::{Act, Server};

async fn server() -> Server {
    Server::start(|_, _| Act::Write(b"HTTP/1.1 204 X\r\n\r\n".to_vec())).await
}

fn search() -> Search {
    Search::new()
        .with_tags(["a b".to_owned(), "c".to_owned()])
        .with_words(["x".to_owned(), "y".to_owned()])
        .with_filter(A::new().with_a("q").with_n(1))
        .with_note("n")
        .with_more([1, 2])
        .with_link("a/b?c&d")
}

fn parts() -> StyledPartsBody {
    StyledPartsBody::new()
        .with_tags(["a".to_owned(), "b".to_owned()])
        .with_word("w")
        .with_picture(File::new("p.png", "P").with_media_type("image/png"))
        .with_size(3)
}

#[tokio::test]
async fn fields_of_a_form() {
    let server = server().await;
    let client = golden_calls::Client::new(&server.url()).unwrap();
    client.encoded_form(search()).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(
        String::from_utf8_lossy(&seen.body),
        "tags=a%20b,c&words=x%20y&filter[a]=q&filter[n]=1&note=n&more=%5B1%2C2%5D&link=a/b?c%26d"
    );
}

#[tokio::test]
async fn parts_of_a_form() {
    let server = server().await;
    let client = golden_calls::Client::new(&server.url()).unwrap();
    client.encoded_parts(EncodedPartsBody::new().with_file(File::new("f", "F"))).await.unwrap();
    client.styled_parts(parts()).await.unwrap();
    let sent: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| {
            String::from_utf8_lossy(&seen.body).replace("\r\n", "|").replace("--part-boundary-0", "--")
        })
        .collect();
    assert_eq!(
        sent[0],
        "--|content-disposition: form-data; name=\"file\"; filename=\"f\"|content-type: image/png||F|----|"
    );
    assert_eq!(
        sent[1],
        "--|content-disposition: form-data; name=\"tags\"||a|b|\
         --|content-disposition: form-data; name=\"word\"|content-type: application/json||\"w\"|\
         --|content-disposition: form-data; name=\"size\"||3|\
         --|content-disposition: form-data; name=\"picture\"; filename=\"p.png\"|content-type: image/png||P|----|"
    );
}

#[tokio::test]
async fn lists_in_one_field_of_a_swagger_form() {
    let server = server().await;
    let client = golden_swagger_2::Client::builder().url(&server.url()).shop_password("t").build().unwrap();
    let status = golden_swagger_2::types::SetStatusBodyStatus::Sold;
    let body = golden_swagger_2::types::SetStatusBody::new(status)
        .with_reasons(["a".to_owned(), "b".to_owned()])
        .with_codes([1, 2]);
    client.set_status(7, body).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&server.seen()[0].body), "status=sold&reasons=a&reasons=b&codes=1,2");
}

#[tokio::test]
async fn a_validating_mock_takes_them() {
    let folder = format!("{}/../rpc-codegen/tests/golden/calls", env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read(format!("{folder}/openapi.yaml")).unwrap();
    let lock = std::fs::read(format!("{folder}/names.lock")).unwrap();
    let input = Input {
        service: "golden-calls".into(),
        document: "openapi.yaml".into(),
        files: [("openapi.yaml".into(), document), ("names.lock".into(), lock)].into(),
        prefix: String::new(),
    };
    let mock = Spec::load(&input).unwrap().service(Options::default()).start().await.unwrap();
    let client = golden_calls::Client::new(&mock.url()).unwrap();
    client.encoded_form(search()).await.unwrap();
    client.styled_parts(parts()).await.unwrap();
}
