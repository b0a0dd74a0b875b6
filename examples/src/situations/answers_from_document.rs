//! user-service is served from its document: what is created can be read back, and what the document forbids is refused.

use anyhow::{Context as _, Result};
use rpc_codegen::Input;
use rpc_mock_spec::{Options, Spec};
use rpc_runtime::types::Value;
use user_service::Client;
use user_service::types::UserCreate;

use crate::world::World;

pub(crate) async fn run(_world: &World) -> Result<String> {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/user-service/openapi.json");
    let document = std::fs::read(document).with_context(|| format!("reading {document}"))?;
    let input = Input {
        service: "user-service".into(),
        document: "openapi.json".into(),
        files: [("openapi.json".to_owned(), document)].into(),
        prefix: "specs/user-service/".into(),
    };
    let mock = Spec::load(&input)?.service(Options::default()).start().await?;
    let users = Client::new(&mock.url())?;

    let created = users.create_user(UserCreate::new("Jane")).await?;
    let read = users.get_user(&created.id).await?;
    users.delete_user(&created.id).await?;
    let gone = users.get_user(&created.id).await.is_err_and(|error| error.is_not_found());
    // A generated client would not send this; another client may.
    let too_long = serde_json::json!({ "name": "x".repeat(10_000) });
    let refused = users.raw(rpc_runtime::Method::POST, "/api/v1/users").json(&too_long).send_json::<Value>().await;

    Ok(match read.name == "Jane" && gone {
        true => format!(
            "created, read back and deleted without a server; {} for a name that is too long",
            refused.err().and_then(|error| error.status()).map_or(0, |status| status.as_u16())
        ),
        false => format!("read {:?}, gone after deletion: {gone}", read.name),
    })
}
