"""A web of which most hosts mean harm: bombs of 10 GB, and answers that never end.

usage: bombs.py make FOLDER     makes the bombs, once, and draft.md, which cites all of it
       bombs.py serve FOLDER PORT

Needs zstd and brotli (Debian: apt-get install zstd brotli) to make the bombs."""
import asyncio
import os
import subprocess
import sys
import zlib

BOMB = 10_000_000_000
ZEROS = bytes(10_000_000)
PAGES = 20
WORDS = "<p>Witness {0} told of the {0} boats that went down in the storm of that May.</p>"

# What is asked for, each on a host of its own: 127.7.0.N.
HARM = [
    ("gzip", "10 GB of zeros in one gzip stream of 10 MB"),
    ("members", "10 GB of zeros in 1,000 gzip members"),
    ("nested", "10 GB of zeros, `gzip, gzip`"),
    ("zstd", "10 GB of zeros in one zstd frame"),
    ("br", "10 GB of zeros in one brotli stream"),
    ("slope", "8 GB in 57 MB of gzip: it grows 140 times only"),
    ("body", "a body without end, as fast as it is taken"),
    ("trickle", "a body without end, 200 bytes a second"),
    ("header", "header fields without end"),
    ("field", "one header field without end"),
    ("informational", "answers 103 without end"),
    ("redirect", "redirects without end, each to a new address"),
    ("stall", "no answer"),
    ("stalling-head", "half a head, then nothing"),
    ("stalling-body", "half a body, then nothing"),
]


def gzip(chunks):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()


def write(path, chunks):
    with open(path, "wb") as file:
        file.writelines(chunks)


def make(folder, port=18483):
    os.makedirs(folder, exist_ok=True)
    at = lambda name: os.path.join(folder, name)
    zeros = lambda: (ZEROS for _ in range(BOMB // len(ZEROS)))
    if not os.path.exists(at("made")):
        write(at("gzip"), gzip(zeros()))
        write(at("members"), [b"".join(gzip([ZEROS]))] * (BOMB // len(ZEROS)))
        with open(at("gzip"), "rb") as file:
            write(at("nested"), gzip([file.read()]))
        # Noise of 5.5 KB for each MB.
        slope = b"".join(os.urandom(5_500) + bytes(994_500) for _ in range(8))
        write(at("slope"), [b"".join(gzip([slope]))] * 1_000)
        for name, command in (("zstd", ["zstd", "-q", "-c"]), ("br", ["brotli", "-q", "5", "-w", "24", "-c"])):
            with open(at(name), "wb") as file:
                packer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file)
                packer.stdin.writelines(zeros())
                packer.stdin.close()
                if packer.wait() != 0:
                    sys.exit(f"{command[0]} failed")
        open(at("made"), "w").close()
    with open(at("draft.md"), "w") as file:
        for number, (name, _) in enumerate(HARM, 1):
            file.write(f"The film is long ([source](http://127.7.0.{number}:{port}/{name})).\n\n")
        for number in range(1, PAGES + 1):
            file.write(f"Witness {number} told of the {number} boats ([source](http://127.7.1.{number}:{port}/page/{number})).\n\n")


def head(*fields, status="200 OK"):
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: text/html", *fields, "", ""]).encode()


async def endless(writer, piece, pause=0.0):
    while True:
        writer.write(piece)
        await writer.drain()
        if pause:
            await asyncio.sleep(pause)


async def harm(name, rest, folder, writer):
    codings = {"members": "gzip", "nested": "gzip, gzip", "slope": "gzip"}
    path = os.path.join(folder, name)
    if os.path.exists(path):
        fields = [f"Content-Encoding: {codings.get(name, name)}", f"Content-Length: {os.path.getsize(path)}"]
        writer.write(head(*fields))
        with open(path, "rb") as file:
            while piece := file.read(1 << 20):
                writer.write(piece)
                await writer.drain()
    elif name == "body":
        writer.write(head("Connection: close"))
        await endless(writer, b"<p>All work and no play makes a dull page.</p>\n" * 1_000)
    elif name == "trickle":
        writer.write(head("Connection: close"))
        await endless(writer, b"All work and no play\n", 0.1)
    elif name == "header":
        writer.write(b"HTTP/1.1 200 OK\r\n")
        await endless(writer, b"X-More: and more of it\r\n" * 1_000)
    elif name == "field":
        writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        await endless(writer, b"x" * 60_000)
    elif name == "informational":
        await endless(writer, b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100)
    elif name == "redirect":
        writer.write(head(f"Location: /redirect/{int(rest or 0) + 1}", "Content-Length: 0", status="302 Found"))
        await writer.drain()
    else:
        if name == "stalling-head":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: te")
        elif name == "stalling-body":
            writer.write(head("Content-Length: 100000") + b"<p>Half of it.</p>")
        await writer.drain()
        await asyncio.sleep(3600)


def serving(folder):
    async def answer(reader, writer):
        try:
            asked = await reader.readuntil(b"\r\n\r\n")
            name, _, rest = asked.split(b" ", 2)[1].decode().strip("/").partition("/")
            if name == "page":
                body = (WORDS.format(rest) * 200).encode()
                writer.write(head(f"Content-Length: {len(body)}", "Connection: close") + body)
                await writer.drain()
            else:
                await harm(name, rest, folder, writer)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    return answer


async def serve(folder, port):
    server = await asyncio.start_server(serving(folder), "0.0.0.0", port, backlog=4096)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        asyncio.run(serve(sys.argv[2], int(sys.argv[3])))
