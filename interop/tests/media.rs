//! Uploads, downloads, parameters in every place, unions without a discriminator.

use interop::{media, seen, unique};
use media_service::types::{Entry, Folder, Image, Link, UploadFileBody, UploadFilesBody, Video, Visibility};
use rpc_runtime::types::{File, Maybe, Value};

#[tokio::test]
async fn an_upload_and_its_thumbnail() {
    let name = unique("图 1.png");
    let content = b"\x89PNG\r\n\x00\xff";
    let image = |name: &str, content: &'static [u8]| File::new(name, content).with_media_type("image/png");
    let body = UploadFileBody::new(image(&name, content), "Chart")
        .with_tags(vec!["a".to_owned(), "b".to_owned()])
        .with_visibility(Visibility::Public)
        .with_thumbnail(image("small.png", b"tiny"));
    let reply = media().upload_file(body).send().await.unwrap();
    assert_eq!(reply.status().as_u16(), 201);
    let info = reply.into_data();
    assert_eq!((info.filename.as_deref(), info.size), (Some(name.as_str()), content.len() as i64));
    assert_eq!((info.title.as_str(), info.tags.len(), info.visibility.as_str()), ("Chart", 2, "public"));
    assert_eq!(media().download_file(&info.path).await.unwrap(), &content[..]);
    assert_eq!(media().download_file(&format!("{}.thumbnail", info.path)).await.unwrap(), &b"tiny"[..]);
}

#[tokio::test]
async fn several_files_under_one_field() {
    let folder = unique("x/y");
    let body = UploadFilesBody::new(vec![File::new("a.txt", "A"), File::new("b.txt", "BB")]);
    let infos = media().upload_files(body.with_folder(folder.as_str())).await.unwrap();
    let paths: Vec<_> = infos.iter().map(|info| (info.path.clone(), info.size)).collect();
    assert_eq!(paths, [(format!("{folder}/a.txt"), 1), (format!("{folder}/b.txt"), 2)]);
}

#[tokio::test]
async fn a_form_that_lacks_a_field_has_a_typed_error() {
    // Servers take a file without a name for a plain field.
    let body = UploadFileBody::new(File::new("", "no file"), "title");
    let error = media().upload_file(body).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
    let typed = error.typed::<media_service::errors::UploadFileError>();
    assert!(format!("{typed:?}").contains("body"), "{typed:?}");
}

#[tokio::test]
async fn bytes_up_and_down_by_a_path_with_slashes() {
    let path = format!("deep/er/{}/raw ä%2F.bin", unique("dir"));
    let content: Vec<u8> = (0..=255).collect();
    let id = unique("path");
    let info = media().write_file(&path, content.clone()).trace_id(&id).await.unwrap();
    assert_eq!((info.path.as_str(), info.size), (path.as_str(), 256));
    let arrived = &seen(&id).await[0];
    assert!(arrived.path.starts_with("/api/v1/files/deep/er/"), "{arrived:?}");
    assert_eq!(arrived.headers["content-type"], "application/octet-stream");
    let reply = media().download_file(&path).send().await.unwrap();
    assert_eq!(reply.data, content);
    assert_eq!(reply.headers()["etag"].to_str().unwrap(), format!("\"{}\"", info.sha256));
    assert!(media().get_manifest().await.unwrap().contains(&format!("{}  {path}\n", info.sha256)));
    media().delete_file(&path).await.unwrap();
    assert!(media().download_file(&path).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_path_cannot_leave_its_place() {
    let id = unique("traversal");
    for path in ["../orders", "a/../../b", "a/./b", "", "a//b"] {
        let error = media().download_file(path).trace_id(&id).await.unwrap_err();
        assert!(error.is_invalid_request(), "{path:?}: {error:?}");
    }
    assert!(seen(&id).await.is_empty());
}

#[tokio::test]
async fn parameters_in_query_header_and_cookie() {
    let id = unique("parameters");
    let call = media().query_files(&[1, 4], "smoke");
    // One level only: FastAPI wants a header line for each item of a list, OpenAPI one line for all of them.
    let found = call.x_level(&[2]).session_id("s-2; \"x\"").trace_id(&id).await.unwrap();
    assert_eq!((found.client.as_str(), found.ids, found.levels), ("smoke", vec![1, 4], vec![2]));
    assert!(found.session.is_some());
    assert_eq!(found.files[0].path, "docs/readme.txt");
    assert_eq!(seen(&id).await[0].query, "id=1&id=4");
    let plain = media().query_files(&[1], "smoke").session_id("s-2").await.unwrap();
    assert_eq!((plain.session.as_deref(), plain.levels.len()), (Some("s-2"), 0));
    let error = media().query_files(&[], "smoke").await.unwrap_err();
    assert!(error.is_invalid_request(), "{error:?}");
}

#[tokio::test]
async fn a_union_without_a_discriminator() {
    let texts = [
        r#"{"width":2,"height":1,"seconds":0.5}"#,
        r#"{"width":2,"height":1}"#,
        r#"{"url":"x"}"#,
        "7",
        r#""text""#,
    ];
    for text in texts {
        let sent = serde_json::from_str(text).unwrap();
        let got = media().echo_media(sent).await.unwrap();
        let (got, expected): (Value, Value) =
            (serde_json::to_value(&got).unwrap(), serde_json::from_str(text).unwrap());
        assert_eq!(got, expected);
    }
    let video = media().echo_media(Video::new(2, 1, 0.5).into()).await.unwrap();
    assert_eq!(video, Video::new(2, 1, 0.5).into());
    assert_eq!(media().echo_media(Image::new(2, 1).into()).await.unwrap(), Image::new(2, 1).into());
    assert_eq!(media().echo_media(Link::new("x").into()).await.unwrap(), Link::new("x").into());
}

#[tokio::test]
async fn maps_of_recursive_types() {
    // The service writes what it was not sent as null.
    let folder = |name: &str| Folder::new(name).with_parent(Maybe::Null);
    let entry = Entry::new().with_size(1).with_folder(folder("empty"));
    let mut root = folder("root").with_parent(Box::new(folder("up")));
    root.entries.insert("a".to_owned(), entry);
    assert_eq!(media().echo_folder(root.clone()).await.unwrap(), root);
}
