import { createServer } from "node:net";
import { Aedes } from "aedes";

// The broker of the demo, a process of its own as in a real plant. Prints its port as one JSON line and ends with its parent.

const port = Number(process.argv[2] ?? 0);
const broker = await Aedes.createBroker({ concurrency: 1000, queueLimit: 10_000 });
const server = createServer((socket) => broker.handle(socket));
server.listen(port, "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") process.stdout.write(`${JSON.stringify({ port: address.port })}\n`);
});
server.on("error", (error) => {
  process.stderr.write(`broker cannot listen on port ${port}: ${error.message}\n`);
  process.exit(1);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
