"""Cloud Vision's ImageAnnotator on this machine, with real results, for the unpatched google-cloud-vision client.

    python -m emulator.emulators.vision --host 127.0.0.1 --port 8085 --marks DIR --storage-endpoint http://127.0.0.1:9023

`--latency` and `--quota` make it slow or scarce, and so does `python -m emulator.emulators.vision.admin` while it runs.
Each feature is one file in `annotators/`. What is not done here is refused with UNIMPLEMENTED, by name.
"""
