//! Operations that nobody wants.

use super::context::Context;
use super::find;
use crate::ir::Service;

pub(super) fn run(context: &mut Context<'_>) {
    for wanted in &context.settings.exclude {
        let count = |service: &Service| service.operations.len() + service.left_out.len();
        let before = count(context.service);
        let keys: Vec<String> = context.service.operations.iter().map(|o| o.key.clone()).collect();
        context.service.operations.retain(|operation| !find::is_operation(operation, &wanted.value));
        context.service.left_out.retain(|one| one.key != wanted.value);
        if count(context.service) == before {
            context.unused("exclude", wanted, keys.iter().map(String::as_str));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::{check, get, service, settings};
    use expect_test::expect;

    #[test]
    fn by_key_id_or_name() {
        check(
            super::run,
            service([get("/a"), get("/b"), get("/c")], []),
            &settings("exclude = ['GET /a', 'get_b', 'GET /d']"),
            expect![[r#"
                GET /c() -> Unit Unsafe
                error[R503] service.toml:1:31: `exclude` names `GET /d`, which is not in the document
                  did you mean `GET /c`?
            "#]],
        );
    }
}
