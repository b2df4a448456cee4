"""Speech-to-Text v2 on this machine, with real results, for the unpatched google-cloud-speech client.

    python -m emulator.emulators.speech --host 127.0.0.1 --port 8086 --storage 127.0.0.1:9023 --account EMAIL

It hears US English, as pocketsphinx does with the model that its package ships: sentences that are spoken clearly, more
or less. What is not done here is refused with UNIMPLEMENTED, by name; what Google refuses, with Google's words.
"""
