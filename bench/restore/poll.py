"""Asks a database every 10 ms, on a new connection each time, whether its data are there. Prints the longest time without a good answer.

poll.py PORT DATABASE EXPECTED: speaks the wire protocol itself (trust authentication), so that nothing but the server is measured."""
import signal, socket, struct, sys, time

port, database, expected = int(sys.argv[1]), sys.argv[2], sys.argv[3].encode()
stop = False


def ended(*_):
    global stop
    stop = True


def answer():
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        parameters = f"user\0postgres\0database\0{database}\0\0".encode()
        connection.sendall(struct.pack("!ii", len(parameters) + 8, 196608) + parameters)
        query = b"select max(id)::text from big\0"
        stream, asked = connection.makefile("rb"), False
        while True:
            head = stream.read(5)
            if len(head) < 5:
                return None
            body = stream.read(struct.unpack("!i", head[1:])[0] - 4)
            if head[:1] == b"E":
                return None
            if head[:1] == b"D":
                return body[6:]
            if head[:1] == b"Z" and not asked:
                connection.sendall(b"Q" + struct.pack("!i", len(query) + 4) + query)
                asked = True


signal.signal(signal.SIGTERM, ended)
good, longest = time.monotonic(), 0.0
while not stop:
    try:
        if answer() == expected:
            now = time.monotonic()
            longest, good = max(longest, now - good), now
    except OSError:
        pass
    time.sleep(0.01)
print(f"{max(longest, time.monotonic() - good):.3f}")
