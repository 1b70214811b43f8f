// Viewers on a process of their own: argv = address, how many, signals there are, signals each. Tells its parent what came when asked.
import { decodeSamplesFrame, PROTOCOL_VERSION } from "@doppelwerk/sync";

const [url, viewers, signals, each] = [process.argv[2]!, ...process.argv.slice(3).map(Number)] as [string, number, number, number];
let samples = 0;
let frames = 0;
let ages: number[] = [];

function view(viewer: number): Promise<void> {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isSubscribed = false;
  socket.addEventListener("error", () => reject(new Error(`no connection to ${url}`)));
  socket.addEventListener("open", () =>
    socket.send(
      JSON.stringify({
        kind: "hello",
        protocol: PROTOCOL_VERSION,
        name: `Viewer ${viewer}`,
        client: `bench-viewer-${viewer}`,
        branch: "live",
      }),
    ),
  );
  socket.addEventListener("message", (event) => {
    const data = event.data as ArrayBuffer | string;
    if (typeof data === "string") {
      if (isSubscribed) return;
      isSubscribed = true;
      const first = (viewer * 1_987) % signals;
      const wanted = Array.from({ length: each }, (_, n) => `signal:${(first + n * 47) % signals}`);
      socket.send(JSON.stringify({ kind: "subscribe", signals: wanted }));
      return void resolve();
    }
    const batch = decodeSamplesFrame(new Uint8Array(data));
    samples += batch.count;
    if (frames++ % 50 === 0 && batch.count > 0) ages.push(Date.now() - batch.sourceTimes[batch.count - 1]! / 1_000);
  });
  return promise;
}

for (let viewer = 0; viewer < viewers; viewer++) await view(viewer);
process.on("message", () => {
  process.send!({ samples, frames, ages });
  [samples, frames, ages] = [0, 0, []];
});
process.on("disconnect", () => process.exit());
process.send!("ready");
