"""The RTMP relay: takes RTMP, as OBS and most encoders send it, to ingest, since Cloud Run has no raw TCP.

    OBS ──RTMP──► nginx-rtmp ──RTMP, loopback──► forward ──WebSocket──► ingest
                      │  on_publish, on_publish_done          ▲
                      └──────► hooks ──► relay ───────────────┘

nginx asks the relay about each publisher; the relay connects to ingest with the publisher's key, and ingest's answer
decides. Nothing is decoded: H.264 and AAC are copied.
"""
