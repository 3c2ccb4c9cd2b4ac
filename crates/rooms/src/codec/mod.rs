//! Packets to text and back.
//!
//! The two protocols are stacked: a Socket.IO packet travels as the data of an Engine.IO message.
//! Both are specified in the `docs` folder of the `socketio/socket.io` repository
//! (`engine.io-protocol` v4 and `socket.io-protocol` v5).

pub mod engine;
pub mod payload;
mod placeholders;
pub mod socket;
