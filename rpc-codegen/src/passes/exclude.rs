//! Operations that nobody wants.

use super::context::Context;
use super::find;

pub(super) fn run(context: &mut Context<'_>) {
    for wanted in &context.settings.exclude {
        let before = context.service.operations.len();
        let keys: Vec<String> = context.service.operations.iter().map(|o| o.key.clone()).collect();
        context.service.operations.retain(|operation| !find::is_operation(operation, &wanted.value));
        if context.service.operations.len() == before {
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
