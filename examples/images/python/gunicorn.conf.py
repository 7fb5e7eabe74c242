import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8080')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Workers touch a file to say that they live: on a disk that is slow for a moment, gunicorn would take them for dead.
worker_tmp_dir = "/dev/shm"
# After SIGTERM, for requests that are under way. Seconds; ECS and Kubernetes wait for 30.
graceful_timeout = 20
# It would lie in the home directory, which nobody may write to in here.
control_socket_disable = True
