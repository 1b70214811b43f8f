import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { CONNECTION_LIMITS, countedAddress } from "../http/connection-limits.ts";
import { HandshakeTurns } from "./handshake-turns.ts";

class Connection extends EventEmitter {
  readonly remoteAddress: string;
  isDestroyed = false;
  constructor(address: string) {
    super();
    this.remoteAddress = address;
  }
  destroy(): void {
    if (this.isDestroyed) return;
    this.isDestroyed = true;
    this.emit("close");
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function door(limits: Partial<typeof CONNECTION_LIMITS>) {
  const time = { now: 0 };
  const turns = new HandshakeTurns<Connection>({ ...CONNECTION_LIMITS, ...limits }, () => time.now);
  const begun: Connection[] = [];
  const arrive = (address: string): Connection => {
    const socket = new Connection(address);
    if (turns.admits(socket)) turns.enter(socket, () => begun.push(socket));
    return socket;
  };
  return { turns, begun, arrive, time, of: () => begun.map(({ remoteAddress }) => remoteAddress) };
}

test("[SV353] handshakes begin a few in each turn of the event loop, those of each address in turn", async () => {
  const { turns, of, arrive } = door({ handshakesInTurn: 4 });
  for (let n = 0; n < 40; n++) arrive("10.0.0.1");
  arrive("10.0.0.2");
  arrive("10.0.0.3");
  expect(of()).toEqual([]);
  // one, so that those who arrive are taken in soon
  await turn();
  expect(of()).toEqual(["10.0.0.1"]);
  await turn();
  expect(of().slice(1)).toEqual(["10.0.0.2", "10.0.0.3", "10.0.0.1", "10.0.0.1"]);
  await turn();
  expect([turns.connections, turns.waiting, turns.halfOpen, turns.refused]).toEqual([42, 33, 9, 0]);
});

test("[SV353] where somebody who is known asked from goes first, within its bounds", async () => {
  const { turns, of, arrive } = door({ handshakesInTurn: 3, halfOpenOfAddressMax: 2 });
  for (let n = 10; n < 40; n++) arrive(`10.0.0.${n}`);
  for (let n = 0; n < 4; n++) arrive("10.0.0.1");
  turns.knows("::ffff:10.0.0.1");
  await turn();
  await turn();
  expect(of()).toEqual(["10.0.0.1", "10.0.0.1", "10.0.0.10", "10.0.0.11"]);
  for (let n = 0; n < 1_100; n++) turns.knows(`10.1.${n % 250}.${Math.floor(n / 250)}`);
  await turn();
  expect(of().slice(4)).toEqual(["10.0.0.12", "10.0.0.13", "10.0.0.14"]);
});

test("[SV353] one address has a pace: a burst, then so many a second; others do not wait for it", async () => {
  const { turns, begun, of, arrive, time } = door({ handshakesInTurn: 100, handshakesBurst: 10, handshakesPerS: 4 });
  for (let n = 0; n < 50; n++) arrive("10.0.0.1");
  const settle = async (): Promise<void> => {
    for (const socket of begun) turns.finished(socket);
    await new Promise((resolve) => setTimeout(resolve, 120));
  };
  await settle();
  await settle();
  expect(begun).toHaveLength(10);
  arrive("10.0.0.2");
  await settle();
  expect(of().at(-1)).toBe("10.0.0.2");
  time.now += 1_500;
  await settle();
  expect(begun).toHaveLength(10 + 1 + 6);
  // a clock that goes back gives nothing
  time.now -= 60_000;
  await settle();
  expect(begun).toHaveLength(17);
});

test("[SV353] handshakes that are begun and not finished are bounded: of an address further ones wait, of all the oldest gives way", async () => {
  const { turns, begun, arrive } = door({ handshakesInTurn: 100, halfOpenMax: 6, halfOpenOfAddressMax: 2 });
  const stuck = Array.from({ length: 5 }, () => arrive("10.0.0.1"));
  await turn();
  await turn();
  expect([begun.length, turns.waiting, turns.halfOpen]).toEqual([2, 3, 2]);
  for (let n = 2; n < 8; n++) arrive(`10.0.0.${n}`);
  await turn();
  await turn();
  // four had room, the others took that of the oldest
  expect(turns.halfOpen).toBe(6);
  expect(stuck.slice(0, 2).map(({ isDestroyed }) => isDestroyed)).toEqual([true, true]);
  expect(begun.map(({ remoteAddress }) => remoteAddress)).toEqual(expect.arrayContaining([2, 3, 4, 5, 6, 7].map((n) => `10.0.0.${n}`)));
  for (const socket of begun) turns.finished(socket);
  await turn();
  await turn();
  expect(turns.waiting).toBe(0);
});

test("[SV353] connections are bounded for one address and for all, whatever they speak, and counted down when they close", () => {
  const { turns, arrive } = door({ connectionsMax: 5, connectionsOfAddressMax: 3 });
  const of = (address: string, count: number) => Array.from({ length: count }, () => arrive(address).isDestroyed);
  expect(of("10.0.0.1", 4)).toEqual([false, false, false, true]);
  const kept = arrive("10.0.0.2");
  expect(of("10.0.0.2", 2)).toEqual([false, true]);
  kept.destroy();
  expect(of("10.0.0.3", 2)).toEqual([false, true]);
  expect([turns.connections, turns.refused]).toEqual([5, 3]);
});

test("[SV353] an address of IPv6 counts with its network of 64 bits, one of IPv4 as what it is", () => {
  expect(countedAddress("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
  expect(countedAddress("2001:db8:1:2::9")).toBe("2001:db8:1:2::/64");
  expect(countedAddress("2001:0DB8:0001:2::9")).toBe("2001:db8:1:2::/64");
  expect(countedAddress("::1")).toBe("0:0:0:0::/64");
  expect(countedAddress("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  expect(countedAddress("::ffff:10.0.0.1")).toBe("10.0.0.1");
  expect(countedAddress("10.0.0.1")).toBe("10.0.0.1");
  expect(countedAddress("")).toBe("");
});
