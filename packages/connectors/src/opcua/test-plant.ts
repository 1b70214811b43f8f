// The test server in a process of its own, to be killed and started again at the same port. Loading the library takes a process seconds: one whose
// server was stopped takes the next server of its test file, which is made again with all its nodes.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { TestServerOptions } from "./test-server.ts";

export interface ServerProcess {
  readonly url: string;
  set(name: string, value: unknown, options?: SetOptions): void;
  /** Ends all sessions and keeps their subscriptions, as a timeout does. */
  endSessions(): Promise<void>;
  /** SIGKILL: sockets die without a good-bye. */
  kill(): Promise<void>;
  /** The end of a test: the server is gone, its process waits for another. */
  stop(): Promise<void>;
  /** At the same port. */
  restart(options?: Partial<TestServerOptions>): Promise<void>;
}

export interface SetOptions {
  /** Milliseconds. */
  readonly sourceTime?: number;
  readonly statusCode?: number;
  readonly dataType?: string;
}

/** Processes without a server. They end with their parent. */
const idle: ChildProcess[] = [];

export async function startServerProcess(options: TestServerOptions): Promise<ServerProcess> {
  let { child, port } = await serve(options);
  return {
    url: `opc.tcp://127.0.0.1:${port}`,
    set(name, value, setOptions) {
      if (child.connected) child.send({ set: [name, value, setOptions] });
    },
    async endSessions() {
      const ended = once(child, "message");
      child.send("endSessions");
      await ended;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || idle.includes(child)) return;
      const stopped = once(child, "message");
      child.send("stop");
      await stopped;
      idle.push(child);
    },
    async restart(changed) {
      ({ child, port } = await serve({ ...options, ...changed, port }));
    },
  };
}

async function serve(options: TestServerOptions): Promise<{ child: ChildProcess; port: number }> {
  const child =
    idle.pop() ?? fork(new URL("test-server.ts", import.meta.url), ["test-server"], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.send({ serve: options });
  const ended = new AbortController();
  const died = once(child, "exit", { signal: ended.signal }).then(([code]) => {
    throw new Error(`the test server ended with ${code}`);
  });
  died.catch(() => {
    // it matters only until the server is ready; then the wait for it is aborted
  });
  const [message] = (await Promise.race([once(child, "message"), died])) as [{ ready: number }];
  ended.abort();
  return { child, port: message.ready };
}
