import { describe, expect, test } from "vitest";
import type { Property, Submodel, SubmodelElement, SubmodelElementCollection } from "@doppelwerk/aas";
import { isAssetInterfaces, readAssetInterfaces } from "./asset-interfaces.ts";

const text = (idShort: string, value: string): Property => ({ modelType: "Property", idShort, valueType: "xs:string", value });
const group = (idShort: string, value: SubmodelElement[]): SubmodelElementCollection => ({
  modelType: "SubmodelElementCollection",
  idShort,
  value,
});
const property = (idShort: string, href: string | undefined, ...more: SubmodelElement[]): SubmodelElementCollection =>
  group(idShort, [...more, ...(href === undefined ? [] : [group("forms", [text("href", href)])])]);
const anInterface = (idShort: string, base: string, properties: SubmodelElement[]): SubmodelElementCollection =>
  group(idShort, [
    text("title", idShort),
    group("EndpointMetadata", [text("base", base)]),
    group("InteractionMetadata", [group("properties", properties)]),
  ]);
const submodel = (elements: SubmodelElement[]): Submodel => ({
  modelType: "Submodel",
  id: "urn:test:aid",
  idShort: "AssetInterfacesDescription",
  semanticId: {
    type: "ExternalReference",
    keys: [{ type: "GlobalReference", value: "https://admin-shell.io/idta/AssetInterfacesDescription/1/0/Submodel" }],
  },
  submodelElements: elements,
});

describe("Asset Interfaces Description", () => {
  test("[C40] an OPC UA property becomes a signal that keeps the namespace URI and everything the file says of it", () => {
    const read = readAssetInterfaces(
      submodel([
        anInterface("InterfaceOPCUA", "opc.tcp://10.0.0.1:4840", [
          property(
            "Total",
            "/?id=nsu=urn:plant;s=Line.Total",
            text("type", "integer"),
            text("title", "Stückzahl"),
            text("unit", "1"),
            text("role", "Total"),
            text("counter", "totaliser"),
            text("counterWidth", "16"),
            text("scale", "0.5"),
            text("low", "0"),
            text("high", "100"),
            text("resolution", "1"),
            text("aliveTime", "5"),
          ),
          property(
            "State",
            "/?id=nsu=urn:plant;i=7",
            text("type", "integer"),
            group("enumeration", [
              group("", [text("value", "0"), text("text", "Off")]),
              group("", [text("value", "1"), text("text", "On")]),
            ]),
          ),
        ]),
      ]),
      "urn:shell:1",
    );
    expect(read.findings).toEqual([]);
    expect(read.connections).toEqual([{ protocol: "opcua", url: "opc.tcp://10.0.0.1:4840", title: "InterfaceOPCUA" }]);
    expect(read.signals).toEqual([
      {
        connection: 0,
        path: "InterfaceOPCUA.InteractionMetadata.properties.Total",
        name: "Stückzahl",
        address: "nsu=urn:plant;s=Line.Total",
        valueType: "integer",
        unit: "1",
        shell: "urn:shell:1",
        role: "Total",
        low: 0,
        high: 100,
        resolution: 1,
        counter: { type: "totaliser", width: 16 },
        aliveS: 5,
        scale: 0.5,
      },
      {
        connection: 0,
        path: "InterfaceOPCUA.InteractionMetadata.properties.State",
        name: "State",
        address: "nsu=urn:plant;i=7",
        valueType: "enumeration",
        enumeration: [
          { value: 0, name: "Off" },
          { value: 1, name: "On" },
        ],
        shell: "urn:shell:1",
      },
    ]);
  });

  test("[C41] addresses of Sparkplug, of whole URLs, and of other protocols are read; equal endpoints are one connection", () => {
    const number = text("type", "number");
    const read = readAssetInterfaces(
      submodel([
        anInterface("InterfaceMQTT", "mqtt://broker:1883", [
          property("power", "spBv1.0/G/N/D#Energy/Power", number),
          property("node", "spBv1.0/G/N#Up time", number),
          property("plain", "plant/line/temperature", number),
        ]),
        anInterface("InterfaceOPCUA", "", [
          property("a", "opc.tcp://h:1/x?id=nsu%3Durn%3Ap%3Bs%3DA%20b", number),
          property("b", "opc.tcp://h:1/x?id=ns=3;s=B", number),
        ]),
        anInterface("InterfaceMODBUS", "modbus+tcp://plc:502", [property("r", "40001?quantity=2", number)]),
        anInterface("InterfaceS7", "s7://plc:102?rack=0&slot=2", [property("s", "DB1.DBD4:real", number)]),
      ]),
    );
    expect(read.connections.map(({ protocol, url }) => `${protocol} ${url}`)).toEqual([
      "sparkplug mqtt://broker:1883",
      "mqtt mqtt://broker:1883",
      "opcua opc.tcp://h:1/x",
      "modbus modbus+tcp://plc:502",
      "s7 s7://plc:102?rack=0&slot=2",
    ]);
    expect(read.signals.map((signal) => signal.address)).toEqual([
      "G/N/D/Energy/Power",
      "G/N//Up time",
      "plant/line/temperature",
      "nsu=urn:p;s=A b",
      "ns=3;s=B",
      "1/holding/0/float32",
      "DB1.DBD4:REAL",
    ]);
    expect(read.findings.map((finding) => finding.path)).toEqual(["InterfaceOPCUA.InteractionMetadata.properties.b"]);
  });

  test("[C42] what cannot become a signal is a finding at its path, and nothing throws", () => {
    const read = readAssetInterfaces(
      submodel([
        text("loose", "x"),
        anInterface("I", "opc.tcp://h", [
          property("noForm", undefined, text("type", "number")),
          property("noType", "/?id=nsu=urn:p;s=A"),
          property("odd", "/?id=nsu=urn:p;s=A", text("type", "array")),
          property("noId", "/nodes", text("type", "number")),
          property("percent", "/?id=%E0%A4%A", text("type", "number")),
          property("counter", "/?id=nsu=urn:p;s=C", text("type", "integer"), text("counter", "weekly"), text("scale", "ten")),
          property("object", undefined, group("properties", [property("inner", "/?id=nsu=urn:p;s=I", text("type", "boolean"))])),
        ]),
      ]),
    );
    expect(read.signals.map((signal) => signal.name)).toEqual(["counter", "inner"]);
    expect(read.findings.map((finding) => finding.path.replace("I.InteractionMetadata.properties.", ""))).toEqual(
      ["loose", "noForm", "noType", "odd", "noId", "percent", "counter.scale", "counter.counter"].toSorted(
        (a, b) => read.findings.findIndex((f) => f.path.endsWith(a)) - read.findings.findIndex((f) => f.path.endsWith(b)),
      ),
    );
    expect(read.findings).toHaveLength(8);
    expect(isAssetInterfaces(submodel([]))).toBe(true);
  });

  test("[C195] an interface whose base is `push:NAME` is a connection that others send to, with the addresses of its forms", () => {
    const read = readAssetInterfaces(
      submodel([
        anInterface("InterfaceHTTP", "push:line-4", [
          property("total", "Line4/press#Total", text("type", "integer"), text("role", "Total"), text("counter", "totaliser")),
        ]),
      ]),
    );
    expect(read.findings).toEqual([]);
    expect(read.connections).toEqual([{ protocol: "push", url: "push:line-4", title: "InterfaceHTTP" }]);
    expect(read.signals).toMatchObject([
      { address: "Line4/press#Total", valueType: "integer", role: "Total", counter: { type: "totaliser" } },
    ]);
  });

  test("[C45] Modbus forms become unit, table, address and type with their orders; parts of a JSON document become pointers into it", () => {
    const form = (href: string, ...more: SubmodelElement[]): SubmodelElementCollection => group("forms", [text("href", href), ...more]);
    const read = readAssetInterfaces(
      submodel([
        anInterface("InterfaceMODBUS", "modbus+tcp://plc:502/7", [
          group("a", [
            text("type", "number"),
            form(
              "9?quantity=2",
              text("modv_entity", "InputRegister"),
              text("modv_zeroBasedAddressing", "true"),
              text("modv_mostSignificantWord", "false"),
            ),
          ]),
          group("b", [
            text("type", "integer"),
            form("/3/100?quantity=1", text("modv_function", "readHoldingRegisters"), text("modv_type", "xsd:short")),
          ]),
          group("c", [text("type", "boolean"), form("5?quantity=1", text("modv_entity", "Coil"))]),
          group("d", [text("type", "number"), form("1?quantity=3")]),
        ]),
        anInterface("InterfaceMQTT", "mqtt://broker:1883", [
          group("state", [
            text("type", "object"),
            form("/plant/press/state"),
            group("properties", [
              group("force", [text("type", "number"), text("key", "F/1")]),
              group("inner", [text("type", "object"), group("properties", [group("on", [text("type", "boolean")])])]),
            ]),
          ]),
        ]),
        anInterface("InterfaceHTTP", "https://machine/api", [group("speed", [text("type", "number"), form("/speed")])]),
      ]),
    );
    expect(read.signals.map((signal) => signal.address)).toEqual([
      "7/input/9/float32?word=little",
      "3/holding/100/int16",
      "7/coil/5/bool",
      "plant/press/state#/F~11",
      "plant/press/state#/inner/on",
      "/speed#",
    ]);
    expect(read.connections.map(({ protocol, url }) => `${protocol} ${url}`)).toEqual([
      "modbus modbus+tcp://plc:502",
      "mqtt mqtt://broker:1883",
      "http https://machine/api",
    ]);
    expect(read.findings.map((finding) => finding.message)).toEqual(["3 registers hold no value of this type: 1?quantity=3"]);
  });
});
