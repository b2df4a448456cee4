"""Input over HTTP: a continuous body, a WebSocket, HLS push."""
