"""RTMP, as OBS and most encoders speak it, into what ingest takes: Cloud Run has no raw TCP.

    OBS ──RTMP──► nginx-rtmp ──RTMP, loopback──► forward ──WebSocket──► ingest
                      │  on_publish, on_publish_done          ▲
                      └──────► hooks ──► relay ───────────────┘

nginx asks before it lets anybody publish; the relay connects to ingest with the publisher's key, and ingest's answer
decides. Nothing is decoded: H.264 and AAC go through as they are.
"""
