"""Cloud Run's Admin API v2, as far as jobs go: RunJob and its operation, and the executions that come of it.

A job is what the declaration registered in a folder (`registered`); an execution runs its container's command as a
process of this machine, with the declared environment, the request's overrides, the task's timeout and its retries. Any
other call is refused by name. Executions live as long as this process.
"""
