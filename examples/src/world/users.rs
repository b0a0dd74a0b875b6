//! user-service: says "not found" by the envelope's code under HTTP 200, as the Python framework's services do.

use rpc_mock::axum::Json;
use rpc_mock::axum::extract::{Path, Query};
use rpc_mock::axum::http::HeaderMap;
use rpc_mock::{Envelope, Service};
use rpc_runtime::types::DateTime;
use rpc_runtime::types::jiff::civil::date;
use user_service::types::{Role, User, UserPagination, UserPatch, UserSearch};

fn alice() -> User {
    User::new("user123", "Alice", DateTime::naive(date(2026, 1, 1).at(0, 0, 0, 0)).assume_utc())
}

fn find(id: &str) -> Result<User, Envelope<()>> {
    match id {
        "user123" => Ok(alice()),
        _ => Err(Envelope::fail(404, format!("user {id} does not exist")).error_code("USER_NOT_FOUND")),
    }
}

pub(super) fn service() -> Service {
    Service::new("user-service")
        .get("get_user", "/api/v1/users/{user_id}", |Path(id): Path<String>| async move {
            find(&id).map(Envelope::ok)
        })
        .patch(
            "patch_user",
            "/api/v1/users/{user_id}",
            |Path(id): Path<String>, Json(patch): Json<UserPatch>| async move {
                let mut user = find(&id)?;
                if let Some(name) = patch.name.into_value() {
                    user.name = name;
                }
                user.email = patch.email.into_value();
                Ok::<_, Envelope<()>>(Envelope::ok(user))
            },
        )
        .get("list_users", "/api/v1/users", || async {
            Envelope::ok(UserPagination::new(1, vec![alice()], 1, 20))
        })
        .get("search_users", "/api/v1/users/search", search)
}

async fn search(headers: HeaderMap, Query(query): Query<Vec<(String, String)>>) -> Envelope<UserSearch> {
    let tenant = headers.get("x-tenant").and_then(|value| value.to_str().ok()).unwrap_or("none");
    let value = |name: &str| query.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
    let mut user = alice();
    user.name = value("q").unwrap_or_default();
    user.role = Role::from(value("role").unwrap_or_default());
    Envelope::ok(UserSearch::new(1, vec![user], 1, 20, tenant))
}
