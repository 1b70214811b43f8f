import {
  encodeId,
  readAasx,
  readFile,
  writeAasx,
  type Environment,
  type Operation,
  type Property,
  type SubmodelElement,
} from "@doppelwerk/aas";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OperationRunner } from "./aas-source.ts";
import { importedFiles, type ImportedFile } from "./imported-files.ts";
import { ENGINEER, startTestServer, upload, type Answer, type TestServer } from "./test-server.fixture.ts";

const property = (idShort: string, value?: string): Property => ({
  modelType: "Property",
  idShort,
  valueType: "xs:int",
  ...(value !== undefined && { value }),
});
const sum: Operation = {
  modelType: "Operation",
  idShort: "sum",
  inputVariables: [{ value: property("a1") }, { value: property("b1") }],
  inoutputVariables: [{ value: property("count") }],
  outputVariables: [{ value: property("total") }],
};
const environment: Environment = {
  assetAdministrationShells: [
    {
      modelType: "AssetAdministrationShell",
      id: "urn:aas",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset" },
      submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:sm" }] }],
    },
  ],
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:sm",
      submodelElements: [
        {
          modelType: "SubmodelElementCollection",
          idShort: "docs",
          value: [{ modelType: "File", idShort: "manual", contentType: "application/pdf" }],
        },
        {
          modelType: "SubmodelElementList",
          idShort: "files",
          typeValueListElement: "File",
          value: [{ modelType: "File" }, { modelType: "File" }],
        },
        { modelType: "Blob", idShort: "blob" },
        property("number", "1"),
        sum,
        { ...sum, idShort: "unbound" },
        { ...sum, idShort: "slow" },
        { ...sum, idShort: "broken" },
      ],
    },
  ],
};
const sm = `/submodels/${encodeId("urn:sm")}`;
const element = (path: string) => `${sm}/submodel-elements/${encodeURIComponent(path)}`;
const thumbnail = `/shells/${encodeId("urn:aas")}/asset-information/thumbnail`;

let server: TestServer;
const call: TestServer["call"] = (...given) => server.call(...given);
const bytesAt = async (path: string) => {
  const answer = await fetch(`${server.base}/api/v3${path}`);
  return {
    status: answer.status,
    type: answer.headers.get("content-type"),
    disposition: answer.headers.get("content-disposition"),
    bytes: new Uint8Array(await answer.arrayBuffer()),
  };
};

const runners: Readonly<Record<string, OperationRunner>> = {
  async sum({ inputs, inoutputs }) {
    const [a, b, count] = [...inputs, ...inoutputs].map((each) => Number((each as Property).value));
    return { outputs: [property("total", String(a! + b!))], inoutputs: [property("count", String(count! + 1))] };
  },
  slow: ({ signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true })),
  async broken() {
    throw new Error("the drive does not answer");
  },
};
const variables = (...elements: readonly SubmodelElement[]) => elements.map((value) => ({ value }));
const request = {
  inputArguments: variables(property("a1", "2"), property("b1", "3")),
  inoutputArguments: variables(property("count", "7")),
};

beforeAll(async () => void (server = await startTestServer(environment, ENGINEER, { operations: (_submodel, path) => runners[path] })));
afterAll(() => server.close());

describe("files", () => {
  test("[API19] a file is stored, named by its element, and comes back byte for byte, in lists and through the shell too", async () => {
    const content = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
    for (const [path, type] of [
      ["docs.manual", "application/pdf"],
      ["files[1]", "image/png"],
      ["blob", "image/png"],
    ] as const) {
      const place = `${element(path)}/attachment`;
      expect((await call("PUT", place, upload("Handbuch für alle.bin", content, path === "docs.manual" ? "" : type))).status, path).toBe(
        204,
      );
      for (const base of ["", `/shells/${encodeId("urn:aas")}`, `/shells/${encodeId("urn:aas")}/aas`]) {
        const got = await bytesAt(base + place);
        expect([got.status, got.type, got.bytes], path).toEqual([200, type, content]);
        expect(got.disposition).toMatch(/^attachment; /);
      }
    }
    const file = (await call("GET", element("docs.manual"))).json;
    expect(file.value).toMatch(/^\/aasx\/files\/docs_manual\/[A-Za-z0-9._-]+$/);
    expect((await bytesAt(`${element("docs.manual")}/attachment`)).disposition).toContain(
      "filename*=UTF-8''Handbuch%20f%C3%BCr%20alle.bin",
    );
    expect((await call("GET", element("files[0]"))).json.value).toBeUndefined();
    expect((await call("GET", `${element("files[0]")}/attachment`)).status).toBe(404);
  });

  test("[API19] a package of the shell carries its files and its thumbnail", async () => {
    expect((await call("PUT", thumbnail, upload("pump.png", "picture"))).status).toBe(204);
    expect([(await bytesAt(thumbnail)).type, (await bytesAt(thumbnail)).bytes.length]).toEqual(["image/png", 7]);
    const answer = await fetch(`${server.base}/api/v3/serialization?aasIds=${encodeId("urn:aas")}`, {
      headers: { accept: "application/asset-administration-shell-package+xml" },
    });
    const { files, environment: packed, thumbnail: picture } = readAasx(new Uint8Array(await answer.arrayBuffer()));
    const manual = (await call("GET", element("docs.manual"))).json.value as string;
    expect([files.get(manual)?.bytes.length, files.get(manual)?.contentType]).toEqual([70_000, "application/pdf"]);
    expect(new TextDecoder().decode(picture?.bytes)).toBe("picture");
    expect(packed.submodels).toHaveLength(1);
    expect((await call("DELETE", thumbnail)).status).toBe(204);
    expect((await call("GET", thumbnail)).status).toBe(404);
    expect((await call("DELETE", thumbnail)).status).toBe(404);
  });

  test("[API19] a file can be replaced and taken away; other classes have none (405); a body that is no upload is 400", async () => {
    const place = `${element("files[0]")}/attachment`;
    await call("PUT", place, upload("one.txt", "one", "text/plain"));
    await call("PUT", place, upload("two.txt", "two", "text/plain"));
    expect(new TextDecoder().decode((await bytesAt(place)).bytes)).toBe("two");
    expect(
      server.world
        .reader(LIVE)
        .query({ kind: "file" })
        .filter(({ path }) => String(path).includes("files_0_")),
    ).toHaveLength(1);
    expect((await call("DELETE", place)).status).toBe(200);
    expect((await call("DELETE", place)).status).toBe(404);
    expect((await call("GET", element("files[0]"))).json).not.toHaveProperty("value");
    for (const method of ["GET", "DELETE"] as const) expect((await call(method, `${element("number")}/attachment`)).status).toBe(405);
    expect((await call("PUT", `${element("number")}/attachment`, upload("a", "b"))).status).toBe(405);
    for (const body of ["{}", new URLSearchParams({ file: "x" }).toString()]) expect((await call("PUT", place, body)).status).toBe(400);
    const broken = await call("PUT", place, "--x\r\nnothing", { "content-type": "multipart/form-data; boundary=y" });
    expect(broken.status).toBe(400);
    const noFile = new FormData();
    noFile.append("fileName", "x");
    expect((await call("PUT", place, noFile)).status).toBe(400);
  });

  test("[API19] files of an imported package are found by who names them, two packages with one path apart", async () => {
    for (const name of ["one", "two"]) {
      const packed: Environment = {
        assetAdministrationShells: [
          {
            modelType: "AssetAdministrationShell",
            id: `urn:packed:${name}`,
            assetInformation: {
              assetKind: "Instance",
              globalAssetId: `urn:packed:${name}:asset`,
              defaultThumbnail: { path: "/aasx/files/Picture.png", contentType: "image/png" },
            },
          },
        ],
        submodels: [
          {
            modelType: "Submodel",
            id: `urn:packed:${name}:sm`,
            submodelElements: [{ modelType: "File", idShort: "doc", contentType: "text/plain", value: "/aasx/files/a%20b.txt" }],
          },
        ],
      };
      const bytes = new TextEncoder().encode(name);
      const files = new Map([
        ["/aasx/files/a b.txt", { contentType: "text/plain", bytes }],
        ["/aasx/files/picture.png", { contentType: "image/png", bytes }],
      ]);
      const content = readFile(writeAasx(packed, files, { thumbnail: "/aasx/files/picture.png" }));
      const { path, ...thumbnail } = content.thumbnail!;
      const kept = new Map<string, ImportedFile>();
      for (const [part, { bytes: own, contentType }] of [...content.files, [path, thumbnail] as const])
        kept.set(part, { contentType, size: own.length, ...(await server.blobs.put(own, contentType)) });
      const view = server.world.view(ENGINEER);
      const { changes } = importChanges(view.reader(LIVE), content.environment, name);
      const stored = importedFiles(view.reader(LIVE), content.environment, kept);
      await view.apply({ branch: LIVE, reason: "import", changes: [...changes, ...stored] });
    }
    for (const name of ["one", "two"]) {
      expect((await call("GET", `/submodels/${encodeId(`urn:packed:${name}:sm`)}/submodel-elements/doc/attachment`)).text).toBe(name);
      expect((await call("GET", `/shells/${encodeId(`urn:packed:${name}`)}/asset-information/thumbnail`)).text).toBe(name);
    }
  });

  test("[API19] names of files cannot leave their place", async () => {
    const place = `${element("files[0]")}/attachment`;
    for (const name of ["../../etc/passwd", "..\\..\\x", "/abs/olute", "a\u0000b", "..", "x".repeat(3_000), 'quo"te\r\nset-cookie: a=b']) {
      expect((await call("PUT", place, upload("f", "x", "", { fileName: name }))).status, JSON.stringify(name)).toBe(204);
      const { value } = (await call("GET", element("files[0]"))).json;
      expect(value, JSON.stringify(name)).toMatch(/^\/aasx\/files\/files_0_\/[A-Za-z0-9._-]{1,200}$/);
      expect(value.split("/").at(-1)).not.toMatch(/^\.+$/);
      expect((await bytesAt(place)).disposition).not.toMatch(/[\r\n]/);
    }
  });

  test("[API19] a name is cut between characters, and one that was cut inside one before is sent all the same", async () => {
    const place = `${element("files[0]")}/attachment`;
    for (const name of ["n".repeat(199) + "😀", "n".repeat(198) + "😀", "😀".repeat(150), "é".repeat(300)]) {
      expect((await call("PUT", place, upload("f", "x", "", { fileName: name }))).status).toBe(204);
      const got = await bytesAt(place);
      const sent = decodeURIComponent(got.disposition!.split("''")[1]!);
      expect([got.status, name.startsWith(sent), sent.isWellFormed(), sent.length >= 199 - 1], name).toEqual([200, true, true, true]);
    }
    const view = server.world.view(ENGINEER);
    const [record] = view
      .reader(LIVE)
      .query({ kind: "file" })
      .filter(({ path }) => String(path).includes("files_0_"));
    const halved = "n".repeat(199) + "\ud83d";
    const fields = { name: { from: record!["name"]!, to: halved } };
    await view.apply({ branch: LIVE, reason: "as it was stored before", changes: [{ op: "update", id: record!.id, fields }] });
    expect((await bytesAt(place)).status).toBe(200);
  });

  test("[API19] a content type that is no media type is refused, and one that an import kept is sent as octets", async () => {
    const place = `${element("files[0]")}/attachment`;
    const put = (type: string) =>
      call(
        "PUT",
        place,
        `--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\nContent-Type: ${type}\r\n\r\nx\r\n--b--\r\n`,
        {
          "content-type": "multipart/form-data; boundary=b",
        },
      );
    for (const type of [
      "text",
      "text/",
      "/html",
      "text/ht ml",
      "text/html/x",
      "a b",
      `text/${"x".repeat(60_000)}`,
      `text/${"x".repeat(124)}`,
    ])
      expect((await put(type)).status, type.slice(0, 40)).toBe(400);
    for (const [type, stored] of [
      ["Text/HTML; charset=utf-8", "text/html"],
      [`text/${"x".repeat(123)}`, `text/${"x".repeat(123)}`],
      ["image/svg+xml", "image/svg+xml"],
    ]) {
      expect((await put(type!)).status, type).toBe(204);
      expect((await bytesAt(place)).type).toBe(stored);
    }
    const lenient = { prefer: "handling=lenient" };
    const before = (await call("GET", element("files[0]"))).json;
    for (const contentType of ["x".repeat(60_000), "text/html\u00e9", "nothing"]) {
      const kept = await call("PUT", element("files[0]"), { ...before, contentType }, lenient);
      expect(kept.status, kept.text).toBe(204);
      expect([(await bytesAt(place)).status, (await bytesAt(place)).type]).toEqual([200, "application/octet-stream"]);
    }
    expect((await call("PUT", element("files[0]"), before)).status).toBe(204);
  });

  test("[API19] a branch has its own files, and what a fork changes stays there", async () => {
    const place = `${element("docs.manual")}/attachment`;
    await server.world.fork({ name: "files", parent: LIVE, instant: server.now(), actor: ENGINEER.id, reason: "what if" });
    const branch = "/worlds/default/branches/files/api/v3";
    expect((await call("PUT", branch + place, upload("Handbuch für alle.bin", "short"))).status).toBe(204);
    expect((await call("GET", branch + place)).text).toBe("short");
    expect((await bytesAt(place)).bytes.length).toBe(70_000);
  });
});

describe("operations", () => {
  const location = (answer: Answer) => answer.headers.get("location")!.replace(/^\/api\/v3/, "");
  const finished = async (accepted: Answer): Promise<string> => {
    expect(accepted.status).toBe(202);
    await expect.poll(async () => (await call("GET", location(accepted))).status).toBe(302);
    return location(await call("GET", location(accepted)));
  };

  test("[API12] an operation with something behind it gives its result, in both forms", async () => {
    expect((await call("POST", `${element("sum")}/invoke`, request)).json).toEqual({
      executionState: "Completed",
      success: true,
      outputArguments: variables(property("total", "5")),
      inoutputArguments: variables(property("count", "8")),
    });
    const values = '{"inputArguments":{"a1":2,"b1":3},"inoutputArguments":{"count":7},"clientTimeoutDuration":"PT5S"}';
    const answer = await call("POST", `${element("sum")}/invoke/$value`, values);
    expect(answer.json).toEqual({
      executionState: "Completed",
      success: true,
      outputArguments: { total: 5 },
      inoutputArguments: { count: 8 },
    });
  });

  test("[API12] asynchronously: accepted, running, found, result; the handle belongs to the operation", async () => {
    const result = await finished(await call("POST", `${element("sum")}/invoke-async`, request));
    expect((await call("GET", result)).json).toMatchObject({
      executionState: "Completed",
      outputArguments: variables(property("total", "5")),
    });
    const ofValues = await finished(
      await call("POST", `${element("sum")}/invoke-async/$value`, { inputArguments: { a1: 1, b1: 1 }, inoutputArguments: { count: 1 } }),
    );
    expect(ofValues).toMatch(/\/\$value$/);
    expect((await call("GET", ofValues)).json.outputArguments).toEqual({ total: 2 });
    const handle = result.split("/").at(-1)!;
    expect((await call("GET", `${element("unbound")}/operation-results/${handle}`)).status).toBe(404);
    expect((await call("GET", `${element("sum")}/operation-status/${encodeId("nothing")}`)).status).toBe(404);
    const slow = await call("POST", `${element("slow")}/invoke-async`, { ...request, clientTimeoutDuration: "PT1H" });
    expect((await call("GET", location(slow))).json).toEqual({ executionState: "Running" });
    expect((await call("GET", location(slow).replace("operation-status", "operation-results"))).status).toBe(404);
  });

  test("[API12] what nothing stands behind, what fails and what takes too long is an OperationResult that says so", async () => {
    for (const [path, state, why, more] of [
      ["unbound", "Failed", /Nothing is bound/, {}],
      ["broken", "Failed", /the drive does not answer/, {}],
      ["slow", "Timeout", /longer/, { clientTimeoutDuration: "PT0.05S" }],
    ] as const) {
      const answer = await call("POST", `${element(path)}/invoke`, { ...request, ...more });
      expect([answer.status, answer.json.executionState, answer.json.success], path).toEqual([200, state, false]);
      expect(answer.json.messages[0]).toMatchObject({
        messageType: "Error",
        text: expect.stringMatching(why),
        timestamp: expect.stringMatching(/Z$/),
      });
      // A sentence of our own is told as a code too, what stands behind the operation says in its own words.
      expect(answer.headers.has("doppelwerk-told"), path).toBe(path !== "broken");
      expect(answer.json).not.toHaveProperty("outputArguments");
    }
    const result = await finished(await call("POST", `${element("unbound")}/invoke-async`, request));
    expect((await call("GET", result)).json).toMatchObject({ executionState: "Failed", success: false });
  });

  test("[API12] arguments are the operation's variables, each once and of its type; only operations are invoked", async () => {
    const bad = [
      {},
      { inputArguments: variables(property("a1", "1")), inoutputArguments: request.inoutputArguments },
      { ...request, inputArguments: [...request.inputArguments, ...variables(property("c1", "1"))] },
      { ...request, inputArguments: variables(property("a1", "1"), { ...property("b1", "x"), valueType: "xs:string" }) },
      { ...request, inputArguments: variables(property("a1", "one"), property("b1", "1")) },
      { ...request, inputArguments: {} },
      { ...request, clientTimeoutDuration: "soon" },
      [],
    ];
    for (const body of bad) expect((await call("POST", `${element("sum")}/invoke`, body)).status, JSON.stringify(body)).toBe(400);
    for (const body of [
      "{",
      '{"inputArguments":{"a1":1,"b1":"x"},"inoutputArguments":{"count":1}}',
      '{"inputArguments":{"c1":1}}',
      '{"inputArguments":[]}',
    ])
      expect((await call("POST", `${element("sum")}/invoke/$value`, body)).status, body).toBe(400);
    for (const form of ["invoke", "invoke/$value", "invoke-async", "invoke-async/$value"])
      expect((await call("POST", `${element("number")}/${form}`, {})).status, form).toBe(405);
  });
});
