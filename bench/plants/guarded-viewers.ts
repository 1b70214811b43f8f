// Viewers on a process of their own, of servers with and without TLS: argv = address, how many, file of the authority, cookie. Tells its parent how many samples came when asked.
import { readFileSync } from "node:fs";
import { decodeSamplesFrame, PROTOCOL_VERSION } from "@doppelwerk/sync";
import { WebSocket } from "ws";

const [url, count, authority, cookie] = process.argv.slice(2) as [string, string, string, string];
let samples = 0;

function view(viewer: number): Promise<void> {
  const socket = new WebSocket(url, {
    ...(authority !== "" && { ca: readFileSync(authority), servername: "localhost" }),
    headers: cookie === "" ? {} : { cookie },
    perMessageDeflate: false,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on("error", reject);
  socket.on("open", () =>
    socket.send(
      JSON.stringify({
        kind: "hello",
        protocol: PROTOCOL_VERSION,
        name: `Viewer ${viewer}`,
        client: `bench-viewer-${viewer}`,
        branch: "live",
        reportsFrames: true,
      }),
    ),
  );
  let isSubscribed = false;
  let trace: string | undefined;
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) {
      samples += decodeSamplesFrame(new Uint8Array(data)).count;
      if (trace !== undefined) report(socket, trace);
      return void (trace = undefined);
    }
    if (isSubscribed) return void (trace = (JSON.parse(String(data)) as { readonly trace?: string }).trace);
    isSubscribed = true;
    socket.send(JSON.stringify({ kind: "subscribe", signals: "all" }));
    resolve();
  });
  return promise;
}

/** As a page does when it has drawn the frame. */
function report(socket: WebSocket, trace: string): void {
  const at = performance.now() * 1_000;
  socket.send(JSON.stringify({ kind: "shown", trace, receivedAt: at, drawnAt: at, reportedAt: at, view: "board" }));
}

for (let viewer = 0; viewer < Number(count); viewer++) await view(viewer);
process.on("message", () => {
  process.send!(samples);
  samples = 0;
});
process.on("disconnect", () => process.exit());
process.send!("ready");
