// Viewers on a process of their own: argv = address, how many, signals there are, signals each. Tells its parent what came when asked.
import { decodeSamplesFrame, PROTOCOL_VERSION } from "@doppelwerk/sync";
import { WebSocket } from "ws";

const [url, viewers, signals, each] = [process.argv[2]!, ...process.argv.slice(3).map(Number)] as [string, number, number, number];
let samples = 0;
let frames = 0;
let ages: number[] = [];

function view(viewer: number): Promise<void> {
  const socket = new WebSocket(url);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isSubscribed = false;
  socket.on("error", reject);
  socket.on("open", () =>
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
  socket.on("message", (data: Buffer, isBinary) => {
    if (!isBinary) {
      if (isSubscribed) return;
      isSubscribed = true;
      const first = (viewer * 1_987) % signals;
      const wanted = Array.from({ length: each }, (_, n) => `signal:${(first + n * 47) % signals}`);
      socket.send(JSON.stringify({ kind: "subscribe", signals: wanted }));
      return void resolve();
    }
    const batch = decodeSamplesFrame(data);
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
