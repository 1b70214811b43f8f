import { expect, test } from "vitest";
import { meaningOfStateName } from "./state-words.ts";

const statesOf = (...names: readonly string[]) => names.map((name) => meaningOfStateName(name)?.state);

test("[O107] the name of a state proposes what it means, in the languages of plants", () => {
  expect(statesOf("Marcha", "Running", "Betrieb", "läuft", "运行中", "EN_MARCHA", "AutoRunning")).toEqual(Array(7).fill("working"));
  expect(statesOf("Paro", "Parado", "Bereit", "待机", "Stopped", "Arrêt")).toEqual(Array(6).fill("idle"));
  expect(statesOf("Avería", "Averia", "Störung", "Stoerung", "Fault", "设备故障", "Parada emergencia")).toEqual(Array(7).fill("failed"));
  expect(statesOf("EsperaEntrada", "Teilemangel", "Waiting for infeed", "缺料")).toEqual(Array(4).fill("starved"));
  expect(statesOf("BloqueoSalida", "Espera salida", "Stau", "堵料")).toEqual(Array(4).fill("blocked"));
  expect(statesOf("Wartung", "Rüsten", "minor stop", "换型", "Apagado")).toEqual(["maintenance", "setUp", "microStop", "setUp", "off"]);
  expect(meaningOfStateName("Marcha")).toEqual({ state: "working", cause: "internal" });
});

test("[O107] a name that says the contrary, nothing or anything at all proposes nothing", () => {
  expect(statesOf("No fault", "nicht gestört", "未运行", "Sin averia", "State 7", "X", "", "1", "constructor")).toEqual(
    Array(9).fill(undefined),
  );
  expect(statesOf("x ".repeat(100_000))).toEqual([undefined]);
});
