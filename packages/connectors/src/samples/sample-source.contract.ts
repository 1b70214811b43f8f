// What every SampleSource of this room promises, run against a real plant over sockets.
import { afterEach, describe, expect, test } from "vitest";
import { quality, type SampleSource, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "./recorder.ts";
import { wallClock } from "./wall-clock.ts";

/** A plant with the variables `number` (double), `count` (integer, scaled by 0.5), `flag` (boolean) and `word` (string). */
export interface ContractPlant {
  source(signals: readonly SignalRecord[]): SampleSource;
  address(name: string): string;
  set(name: string, value: number | boolean | string): void | Promise<void>;
  /** Publishes a value of another type under the name. */
  setWrongType(name: string): void | Promise<void>;
  /** The plant vanishes as when its power fails, and comes back at the same address. */
  vanish(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
  /** The source asks at intervals: of values that changed in between it sees the last. */
  readonly polled?: true;
}

export function sampleSourceContract(name: string, startPlant: () => Promise<ContractPlant>): void {
  describe(`SampleSource: ${name}`, () => {
    let stops: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const stop of stops.toReversed()) await stop();
      stops = [];
    });

    async function open(signalsOf: (plant: ContractPlant) => SignalRecord[] = all) {
      const plant = await startPlant();
      stops.push(() => plant.stop());
      const source = plant.source(signalsOf(plant));
      const recorder = createRecorder();
      stops.push(() => source.close());
      return { plant, source, recorder };
    }

    test("[C1] samples carry the position of their signal, and none comes after close", async () => {
      const { plant, source, recorder } = await open();
      await source.start(recorder);
      await recorder.until(() => [0, 1, 2, 3].every((signal) => recorder.of(signal).length > 0), "first values");
      await plant.set("number", 12.25);
      await plant.set("word", "grün 绿");
      await plant.set("flag", true);
      await recorder.until(() => recorder.of(0).some((sample) => sample.value === 12.25), "the number");
      await recorder.until(() => recorder.of(3).some((sample) => sample.text === "grün 绿" && Number.isNaN(sample.value)), "the word");
      await recorder.until(() => recorder.of(2).some((sample) => sample.value === 1), "the flag");
      await source.close();
      const heard = recorder.samples.length;
      await plant.set("number", 99);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(recorder.samples.length).toBe(heard);
      expect(recorder.states().at(-1)).toBe("closed");
    });

    test("[C2] a source starts without its plant, says so, and connects when the plant comes", async () => {
      const { plant, source, recorder } = await open();
      await plant.vanish();
      await source.start(recorder);
      await recorder.until(() => recorder.states().includes("reconnecting"), "the notice that nobody answers");
      expect(recorder.samples).toEqual([]);
      await plant.comeBack();
      await recorder.until(() => recorder.states().includes("connected") && recorder.of(0).length > 0, "a value");
    });

    test("[C3] a loss makes values uncertain and then bad, and the return says the standing value anew, once", async () => {
      const { plant, source, recorder } = await open();
      await source.start(recorder);
      await recorder.until(() => recorder.of(0).length > 0, "a first value");
      await plant.set("number", 7.5);
      await recorder.until(() => recorder.of(0).at(-1)?.value === 7.5, "the number");
      await plant.vanish();
      await recorder.until(
        () => recorder.of(0).some((sample) => sample.quality === quality.uncertain && sample.value === 7.5),
        "uncertain",
      );
      await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "bad");
      const badAt = recorder.of(0).at(-1)!.sourceTime;
      expect(recorder.of(0).at(-1)!.value).toBeNaN();
      await plant.comeBack();
      // what a source's memory holds from before may come after what stands
      const latest = () =>
        recorder
          .of(0)
          .toSorted((a, b) => a.sourceTime - b.sourceTime)
          .at(-1)!;
      await recorder.until(() => latest().quality === quality.good, "good again");
      expect(latest().sourceTime).toBeGreaterThan(badAt);
      await plant.set("number", 8.5);
      await recorder.until(() => recorder.of(0).at(-1)?.value === 8.5, "a change after the return");
      const told = recorder.of(0).map(({ sourceTime, value, quality: worth }) => `${sourceTime} ${value} ${worth}`);
      expect(told).toEqual([...new Set(told)]);
      const reconnecting = recorder.notices.findLast((notice) => notice.kind === "state" && notice.state === "reconnecting");
      expect(reconnecting).toMatchObject({ kind: "state", reason: expect.any(String), since: expect.any(Number) });
    });

    test("[C4] a value of another type is bad, carries no number, and is a finding told once", async () => {
      const { plant, source, recorder } = await open();
      await source.start(recorder);
      await recorder.until(() => recorder.of(0).length > 0, "a first value");
      await plant.setWrongType("number");
      await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "bad");
      expect(recorder.of(0).at(-1)!.value).toBeNaN();
      await plant.set("number", 1.5);
      await recorder.until(() => recorder.of(0).at(-1)?.value === 1.5, "good again");
      await plant.setWrongType("number");
      await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "bad again");
      const findings = recorder.notices.filter((notice) => notice.kind === "finding" && notice.address === plant.address("number"));
      expect(findings).toHaveLength(1);
    });

    test("[C5] the scale of the signal is applied, and times are whole microseconds that never lie in the future", async () => {
      const { plant, source, recorder } = await open();
      await source.start(recorder);
      await plant.set("count", 41);
      await recorder.until(() => recorder.of(1).some((sample) => sample.value === 20.5), "the scaled count");
      const now = wallClock.now();
      for (const sample of recorder.samples) {
        expect(Number.isInteger(sample.sourceTime) && Number.isInteger(sample.serverTime)).toBe(true);
        expect(sample.sourceTime).toBeLessThanOrEqual(sample.serverTime);
        expect(sample.serverTime).toBeLessThanOrEqual(now);
      }
    });

    test("[C6] a signal that the plant does not know is bad with a finding, and the others go on", async () => {
      const { source, recorder } = await open((plant) => [...all(plant), signal(plant, "nowhere", "double")]);
      await source.start(recorder);
      await recorder.until(() => recorder.of(4).length > 0 && recorder.of(0).length > 0, "both");
      expect(recorder.of(4)[0]!.quality).toBe(quality.bad);
      expect(recorder.notices.some((notice) => notice.kind === "finding")).toBe(true);
    });

    test("[C7] a listener that is slow gets fewer, larger batches and every sample once, in order", async () => {
      const plant = await startPlant();
      stops.push(() => plant.stop());
      let busy = false;
      const recorder = createRecorder(async () => {
        expect(busy).toBe(false);
        busy = true;
        await new Promise((resolve) => setTimeout(resolve, 150));
        busy = false;
      });
      const source = plant.source(all(plant));
      stops.push(() => source.close());
      await source.start(recorder);
      await recorder.until(() => recorder.of(0).length > 0, "a first value");
      for (let i = 1; i <= 40; i++) {
        await plant.set("number", i + 0.5);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await recorder.until(() => recorder.of(0).at(-1)?.value === 40.5, "the last value");
      const values = recorder.of(0).flatMap((sample) => (sample.value > 1 ? [sample.value] : []));
      const all40 = Array.from({ length: 40 }, (_, i) => i + 1.5);
      if (plant.polled === true) expect(values).toEqual(all40.filter((value) => values.includes(value)));
      else expect(values).toEqual(all40);
      expect(recorder.batches.length).toBeLessThan(25);
    });
  });
}

function all(plant: ContractPlant): SignalRecord[] {
  return [
    signal(plant, "number", "double"),
    { ...signal(plant, "count", "integer"), scale: 0.5 },
    signal(plant, "flag", "boolean"),
    signal(plant, "word", "string"),
  ];
}

function signal(plant: ContractPlant, name: string, valueType: SignalRecord["valueType"]): SignalRecord {
  return { id: `signal:${name}`, kind: "signal", name, valueType, address: plant.address(name) };
}
