//! Stellar RPC on a [`Node`]: JSON-RPC 2.0 over HTTP, as official clients speak it.
//!
//! A request goes three steps: [`parse`] makes it typed and verifies signatures, on the server's threads; [`answer`] asks the node, on its
//! thread; [`render`] writes the response, on the server's threads again.
