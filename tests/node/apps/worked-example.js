"use strict";

// The lesson shows this one.
module.exports = require("../../../lessons/01-realtime-websockets/worked-example.js");
