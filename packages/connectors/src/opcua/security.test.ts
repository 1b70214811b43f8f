import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textOf } from "@doppelwerk/messages";
import { MessageSecurityMode, SecurityPolicy, UserTokenType, type EndpointDescription } from "node-opcua";
import { CertificatePurpose } from "node-opcua-crypto";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { wallClock } from "../samples/wall-clock.ts";
import type { Secret } from "../secrets/secret-store.ts";
import { openTrustList } from "../trust/trust-list.ts";
import { formatAddress } from "./address.ts";
import { opcuaConnector } from "./opcua-connector.ts";
import { chooseEndpoint, identityOf, type ChosenEndpoint } from "./security.ts";
import { createTestCertificate } from "./test-certificate.ts";
import { startServerProcess } from "./test-plant.ts";
import { TEST_NAMESPACE, type TestSecurity } from "./test-server.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-opcua-security-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe("OPC UA security", () => {
  let stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  async function plant(security: TestSecurity) {
    const server = await startServerProcess({
      pkiFolder: join(folder, security.trustsNobody === true ? "strict-server" : "server"),
      variables: [{ name: "a", value: 7 }],
      security,
    });
    stops.push(() => server.stop());
    return server;
  }

  async function listen(url: string, settings: ConnectionRecord["settings"], secret?: Secret, dataDir = join(folder, "client")) {
    const connection: ConnectionRecord = {
      id: "connection:1",
      kind: "connection",
      name: "plant",
      protocol: "opcua",
      url,
      enabled: true,
      settings,
    };
    const signals: SignalRecord[] = [
      { id: "signal:a", kind: "signal", name: "a", valueType: "double", address: formatAddress(TEST_NAMESPACE, "s=a") },
    ];
    const source = opcuaConnector.open(connection, signals, {
      clock: wallClock,
      dataDir,
      graceMs: 300,
      retryMs: { first: 50, most: 200 },
      ...(secret === undefined ? {} : { secret }),
    });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    const reasons = (): string[] =>
      recorder.notices.flatMap((notice) => (notice.kind === "state" && notice.reason !== undefined ? [notice.reason] : []));
    return {
      recorder,
      good: () =>
        recorder.until(() => recorder.of(0).at(-1)?.value === 7 && recorder.of(0).at(-1)?.quality === quality.good, "a good value"),
      refused: (pattern: RegExp) => recorder.until(() => reasons().some((reason) => pattern.test(reason)), String(pattern)),
    };
  }

  test("[C16] a server is spoken to securely only after a person trusted its certificate, and then in every mode and policy", async () => {
    const server = await plant({});
    const dataDir = join(folder, "client");
    const trust = openTrustList(dataDir);
    const first = await listen(server.url, { securityMode: "SignAndEncrypt" }, undefined, dataDir);
    await first.refused(/thumbprint [0-9a-f]{40}\) is not trusted yet/);
    const [met] = trust.list();
    expect(met).toMatchObject({ decision: "open", url: server.url });
    trust.decide(met!.thumbprint, "rejected");
    await first.refused(/was rejected by a person/);
    expect(first.recorder.samples).toEqual([]);
    trust.decide(met!.thumbprint, "trusted");
    await first.good();
    for (const settings of [
      { securityMode: "Sign", securityPolicy: "Basic256Sha256" },
      { securityMode: "SignAndEncrypt", securityPolicy: "Aes128_Sha256_RsaOaep" },
      { securityMode: "SignAndEncrypt", securityPolicy: "Aes256_Sha256_RsaPss" },
    ])
      await (await listen(server.url, settings, undefined, dataDir)).good();
    const mode = statSync(join(dataDir, "trust", "opcua", `${met!.thumbprint}.json`)).mode & 0o777;
    expect(mode).toBe(0o600);
    const found = await opcuaConnector.discover({ protocol: "opcua", url: server.url, settings: { securityMode: "Sign" } }, { dataDir });
    expect(found.drafts.map((draft) => draft.name)).toContain("a");
  });

  test("[C17] an expired certificate, one not valid yet, and a mode the server does not offer are each one clear line", async () => {
    const expired = await createTestCertificate(folder, "expired", { days: [-20, -10] });
    const server = await plant({
      certificateFile: expired.certificateFile,
      privateKeyFile: expired.privateKeyFile,
      modes: ["None", "Sign"],
      policies: ["None", "Basic256Sha256"],
    });
    const late = await listen(server.url, { securityMode: "Sign" });
    await late.refused(/^the server's certificate \(expired, thumbprint [0-9a-f]{40}\) expired on /);
    // trusting it does not make it younger
    const trust = openTrustList(join(folder, "client"));
    for (const { thumbprint, subject } of trust.list()) if (subject.includes("expired")) trust.decide(thumbprint, "trusted");
    await (await listen(server.url, { securityMode: "Sign" })).refused(/expired on /);
    const absent = await listen(server.url, { securityMode: "SignAndEncrypt" });
    await absent.refused(/^the server does not offer SignAndEncrypt; it offers None None, Sign Basic256Sha256$/);
    const plain = await listen(server.url, { securityMode: "None" });
    await plain.good();
    const early = await createTestCertificate(folder, "early", { days: [10, 20] });
    expect(textOf(trust.judge(new X509Certificate(early.certificate).raw, server.url, new Date())!)).toMatch(
      /^the server's certificate \(early, thumbprint [0-9a-f]{40}\) is not valid before /,
    );
    const elsewhere = await createTestCertificate(folder, "elsewhere", { hosts: ["plc-7.plant.example"] });
    const moved = await plant({ certificateFile: elsewhere.certificateFile, privateKeyFile: elsewhere.privateKeyFile });
    const met = await listen(moved.url, { securityMode: "Sign" });
    await met.refused(/is not trusted yet: .*\(it was made for plc-7\.plant\.example, not for 127\.0\.0\.1\)$/);
    const { thumbprint, otherHost } = trust.list().find(({ subject }) => subject.includes("elsewhere"))!;
    expect(otherHost).toBe(true);
    trust.decide(thumbprint, "trusted");
    await met.good();
  });

  test("[C18] users come in by password or certificate, a wrong one and a nameless one are told, and no password travels in the clear", async () => {
    const server = await plant({ anonymous: false, users: { anna: "geheim" } });
    const dataDir = join(folder, "client");
    const settings = { securityMode: "SignAndEncrypt" };
    const trust = openTrustList(dataDir);
    const nameless = await listen(server.url, settings, undefined, dataDir);
    await nameless.refused(/not trusted yet|requires a login/);
    for (const { thumbprint } of trust.list()) trust.decide(thumbprint, "trusted");
    await nameless.refused(/requires a login/);
    const wrong = await listen(server.url, settings, { username: "anna", password: "falsch" }, dataDir);
    await wrong.refused(/^the server refuses the user: wrong name, password or certificate$/);
    await (await listen(server.url, settings, { username: "anna", password: "geheim" }, dataDir)).good();
    const person = await createTestCertificate(folder, "anna", { purpose: CertificatePurpose.ForUserAuthentication });
    await (await listen(server.url, settings, { certificate: person.certificate, privateKey: person.privateKey }, dataDir)).good();
    const open = {
      endpoint: { userIdentityTokens: [{ tokenType: UserTokenType.UserName, securityPolicyUri: null }], serverCertificate: Buffer.of(1) },
      policy: SecurityPolicy.None,
      mode: MessageSecurityMode.None,
    };
    expect(() => identityOf(open as unknown as ChosenEndpoint, { username: "anna", password: "geheim" })).toThrow("unencrypted");
    // some servers want no second encryption where the channel has one
    const once = { userIdentityTokens: [{ tokenType: UserTokenType.UserName, securityPolicyUri: SecurityPolicy.None }] };
    const at = (mode: MessageSecurityMode) =>
      ({ endpoint: once, policy: SecurityPolicy.Basic256Sha256, mode }) as unknown as ChosenEndpoint;
    const anna: Secret = { username: "anna", password: "geheim" };
    expect(() => identityOf(at(MessageSecurityMode.Sign), anna)).toThrow("unencrypted");
    expect(identityOf(at(MessageSecurityMode.SignAndEncrypt), anna)).toMatchObject({ userName: "anna" });
    const said = JSON.stringify([nameless, wrong].map(({ recorder }) => recorder.notices));
    expect(said).not.toMatch(/geheim|falsch/);
  });

  test("[C192] where a server has several policies for passwords, or one that nobody here speaks, none travels in the clear, and an endpoint of another transport is not taken", () => {
    const { None, Sign } = MessageSecurityMode;
    const anna: Secret = { username: "anna", password: "geheim" };
    const ecc = "http://opcfoundation.org/UA/SecurityPolicy#ECC_curve448";
    const at = (policies: readonly (string | null)[], serverCertificate = Buffer.of(1)): ChosenEndpoint =>
      ({
        endpoint: {
          serverCertificate,
          userIdentityTokens: policies.map((securityPolicyUri) => ({ tokenType: UserTokenType.UserName, securityPolicyUri })),
        },
        policy: SecurityPolicy.None,
        mode: None,
      }) as unknown as ChosenEndpoint;
    const { Basic128Rsa15, Basic256Sha256 } = SecurityPolicy;
    for (const chosen of [at([ecc]), at([Basic128Rsa15, SecurityPolicy.None]), at([ecc, null]), at([Basic256Sha256], Buffer.alloc(0))])
      expect(() => identityOf(chosen, anna)).toThrow("unencrypted");
    for (const chosen of [at([SecurityPolicy.None, Basic256Sha256]), at([Basic256Sha256, Basic128Rsa15])])
      expect(identityOf(chosen, anna)).toMatchObject({ userName: "anna" });
    const profile = "http://opcfoundation.org/UA-Profile/Transport/";
    const offered = ["https-uabinary", "uatcp-uasc-uabinary"].map((transport) => ({
      securityMode: Sign,
      securityPolicyUri: Basic256Sha256,
      transportProfileUri: `${profile}${transport}`,
    })) as unknown as EndpointDescription[];
    expect(chooseEndpoint(offered, { securityMode: "Sign" }).endpoint).toBe(offered[1]);
    expect(() => chooseEndpoint(offered.slice(0, 1), { securityMode: "Sign" })).toThrow("does not offer");
  });

  test("[C19] a server that does not trust our certificate is one clear line, not silence", async () => {
    const server = await plant({ trustsNobody: true });
    const dataDir = join(folder, "client");
    const stranger = await listen(server.url, { securityMode: "Sign" }, undefined, dataDir);
    await stranger.refused(/not trusted yet/);
    const trust = openTrustList(dataDir);
    for (const { thumbprint } of trust.list()) trust.decide(thumbprint, "trusted");
    await stranger.refused(/our certificate/);
  });
});
