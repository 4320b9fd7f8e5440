"""gunicorn's configuration: `gunicorn --config python:cunsao.serving cunsao.wsgi`; values from the environment."""

import os

bind = os.environ.get("CUNSAO_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("CUNSAO_WORKERS", "2"))
worker_class = "gthread"
threads = 4
timeout = 90
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
accesslog = os.environ.get("CUNSAO_ACCESS_LOG") or None
# The path without its query: what somebody searched for stays out of the log.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(L)s'
errorlog = "-"
loglevel = os.environ.get("CUNSAO_LOG_LEVEL", "warning")
