//! What the RPC tells of a node.

use localnet::rpc::{answer, parse, render, Terms};
use serde_json::{json, Value};

use crate::World;

impl World {
    /// The result of `method`.
    #[track_caller]
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let terms = Terms::of(&self.node);
        let request = parse(call.to_string().as_bytes(), &terms).unwrap();
        let said = render(answer(&mut self.node, request));
        let mut said: Value = serde_json::from_slice(&said).unwrap();
        assert_eq!(said["error"], Value::Null, "{method}");
        said["result"].take()
    }
}
