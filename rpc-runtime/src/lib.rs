//! rpc-runtime
