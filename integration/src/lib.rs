//! Nothing here: see `tests/`. What a generated client puts on the wire and makes of what comes back is checked there with
//! hand-written servers, in every `cargo test`; `interop/` does the same with real FastAPI services.
