import { screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import Connect from "./connect.tsx";

afterEach(closePages);

test("[CN13] connections that could not be read are not told as none: the page says why, and what to do", async () => {
  const away = { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the connectors are away" } } };
  const page = await openPage(<Connect />, { address: "/connect", answers: { "GET /connections": away } });
  const alert = await screen.findByText("the connectors are away");
  expect(alert.closest("[role=alert]")?.textContent).toContain("DW_UNAVAILABLE");
  expect(screen.queryByText("No connections yet")).toBeNull();
  closePages();
  await openPage(<Connect />, { address: "/connect", answers: { ...page.answers, "GET /connections": [] } });
  await screen.findByText("No connections yet");
});

test("[CN15] a connection has the name of its protocol, and one with findings does not read as merely connected", async () => {
  const connection = {
    id: "connection:1",
    name: "Press",
    url: "opc.tcp://press:4840",
    protocol: "opcua",
    state: "connected",
    since: 0,
    signals: 4,
    samplesPerSecond: 2,
    dropped: 0,
    findings: ["a", "b"],
    findingMessages: [],
  };
  await openPage(<Connect />, { address: "/connect", answers: { "GET /connections": [connection] } });
  const state = await screen.findByText("Connected, 2 findings");
  expect(state.className).toBe("is-down");
  expect(document.querySelector(".dw-connection-dot")?.className).toContain("is-findings");
  screen.getByText("1 connection: none is broken, 1 has findings");
  screen.getByText("OPC UA");
  closePages();
  const others = [
    { ...connection, id: "connection:2", protocol: "sparkplug", findings: [] },
    { ...connection, id: "connection:3", protocol: "brewery", findings: [] },
  ];
  await openPage(<Connect />, { address: "/connect", answers: { "GET /connections": others } });
  await screen.findByText("MQTT Sparkplug");
  screen.getByText("2 connections: none is broken, none has findings");
  screen.getByText("brewery");
  for (const each of screen.getAllByText("Connected")) expect(each.className).toBe("");
});
