"""A web that is far away: any path is answered after 50 to 500 ms, the same for the same path.

usage: slow.py FOLDER PORT

Answers with pages of the web in FOLDER, cut at 60 KB. /endless/BYTES gives that many bytes as fast as they
are taken."""
import asyncio
import glob
import hashlib
import sys

CUT = 60_000
CHUNK = b"All work and no play makes a dull page. " * 1638


async def endless(writer, length):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: %d\r\n\r\n" % length)
    while length > 0:
        writer.write(CHUNK[:length])
        await writer.drain()
        length -= len(CHUNK)


def serve(pages):
    async def answer(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1]
                if path.startswith(b"/endless/"):
                    await endless(writer, int(path.rsplit(b"/", 1)[1]))
                    continue
                number = int.from_bytes(hashlib.sha256(path).digest()[:4], "big")
                await asyncio.sleep(0.05 + number % 451 / 1000)
                body = pages[number % len(pages)]
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
                    b'ETag: "%08x"\r\nContent-Length: %d\r\n\r\n' % (number, len(body)) + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    return answer


async def main(folder, port):
    names = sorted(glob.glob(f"{folder}/www/*/*.html"))[:300]
    pages = [open(name, "rb").read()[:CUT] for name in names]
    server = await asyncio.start_server(serve(pages), "0.0.0.0", port, backlog=4096)
    async with server:
        await server.serve_forever()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
