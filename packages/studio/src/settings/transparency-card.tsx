import { Button } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import type { TransparencyEntry, TransparencyHead } from "@doppelwerk/client";
import { DataTable, LoadedCard, momentText, saveFile, useLoad, useStudio, useTask, useWords, type Column } from "@doppelwerk/ui";
import { OutsidePart } from "./outside-part.tsx";

const SHOWN = 8;
const MORE = 40;
const API = "/api/doppelwerk/v1/transparency";

interface Read {
  readonly head: TransparencyHead;
  readonly entries: readonly TransparencyEntry[];
}

/** What was done on this server, each entry proven in this browser; to administrators of one that writes a log. */
export default function TransparencyCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [limit, setLimit] = useState(SHOWN);
  const loaded = useLoad<Read>(
    async (signal) => {
      const [head, entries] = await Promise.all([client.transparency({ signal }), client.transparencyEntries({ limit }, { signal })]);
      return { head, entries };
    },
    [limit],
  );
  return (
    // a server without a log, or one whose log is not for this person
    <LoadedCard
      title={t("settings.transparency")}
      note={({ head }) => t("settings.transparencyCount", { count: head.size })}
      absentOn={["DW_NOT_FOUND", "DW_FORBIDDEN"]}
      loaded={loaded}
    >
      {({ head, entries }) => (
        <>
          <Entries head={head} entries={entries} />
          <dl className="dw-facts dw-log-facts">
            <dt>{t("settings.transparencyKey")}</dt>
            <dd className="dw-log-text">{head.key}</dd>
            <dt>{t("settings.transparencyRoot", { size: head.signed })}</dt>
            <dd className="dw-log-text">{head.root}</dd>
          </dl>
          <p className="dw-fine dw-log-note">{t("settings.transparencyNote")}</p>
          <OutsidePart logKey={head.key} />
          <div className="dw-row-tools">
            <Button size="sm" variant="default" onClick={loaded.reload}>
              {t("settings.transparencyAgain")}
            </Button>
            {entries.length < head.size && limit < MORE && (
              <Button size="sm" variant="default" onClick={() => setLimit(MORE)}>
                {t("settings.transparencyMore")}
              </Button>
            )}
            <Button size="sm" variant="default" component="a" href={`${API}/checkpoint`} download="checkpoint.txt">
              {t("settings.transparencyCheckpoint")}
            </Button>
            {entries.length > 0 && <Evidence from={entries.at(-1)!.index} to={entries[0]!.index} />}
          </div>
        </>
      )}
    </LoadedCard>
  );
}

/** Asked for by the page, not by a link: who exports evidence proves to be there. */
function Evidence({ from, to }: { readonly from: number; readonly to: number }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask((_, error) => studio.notifyFailure(error));
  const save = (): void =>
    task.run(async () => saveFile(`evidence-${from}-${to}.json`, await studio.client.transparencyEvidence(from, to)));
  return (
    <Button size="sm" variant="default" loading={task.busy} onClick={save}>
      {t("settings.transparencyEvidence")}
    </Button>
  );
}

function Entries({ head, entries }: Read): ReactNode {
  const { t, zone, language } = useWords();
  const columns: readonly Column<TransparencyEntry>[] = [
    { title: t("settings.transparencyTime"), cell: ({ time }) => momentText(time, zone, language) },
    { title: t("settings.transparencyWhat"), cell: (entry) => <What entry={entry} />, hint: ({ operation, file }) => operation ?? file },
    { title: t("settings.transparencyWho"), cell: (entry) => <Who entry={entry} /> },
    { title: t("settings.transparencyProof"), cell: (entry) => <Proof head={head} entry={entry} /> },
  ];
  return (
    <DataTable
      caption={t("settings.transparency")}
      className="dw-list"
      columns={columns}
      rows={entries}
      keyOf={({ index }) => String(index)}
    />
  );
}

const NAMED = {
  "kernel.logIn": "settings.logged.logIn",
  "kernel.logOut": "settings.logged.logOut",
  "kernel.join": "settings.logged.join",
  "kernel.joinByPasskey": "settings.logged.joinByPasskey",
  "kernel.changePassword": "settings.logged.changePassword",
  "kernel.endOwnSession": "settings.logged.endOwnSession",
  "kernel.setUseNotice": "settings.logged.setUseNotice",
  "kernel.provePresence": "settings.logged.provePresence",
  "kernel.logInByPasskey": "settings.logged.logInByPasskey",
  "kernel.addPasskey": "settings.logged.addPasskey",
  "kernel.removePasskey": "settings.logged.removePasskey",
  "kernel.renewRecoveryCodes": "settings.logged.renewRecoveryCodes",
  "kernel.removePassword": "settings.logged.removePassword",
  "kernel.createAccount": "settings.logged.createAccount",
  "kernel.changeAccount": "settings.logged.changeAccount",
  "kernel.inviteAccount": "settings.logged.inviteAccount",
  "kernel.removeAccount": "settings.logged.removeAccount",
  "kernel.createWorld": "settings.logged.createWorld",
  "kernel.changeWorld": "settings.logged.changeWorld",
  "kernel.deleteWorld": "settings.logged.deleteWorld",
  "kernel.switchFeature": "settings.logged.switchFeature",
  "kernel.createMachine": "settings.logged.createMachine",
  "kernel.changeMachine": "settings.logged.changeMachine",
  "kernel.removeMachine": "settings.logged.removeMachine",
  "kernel.enrolMachine": "settings.logged.enrolMachine",
  "kernel.offerMachineCode": "settings.logged.offerMachineCode",
  "kernel.giveMachineToken": "settings.logged.giveMachineToken",
  "kernel.certifyMachine": "settings.logged.certifyMachine",
  "kernel.revokeMachineCertificates": "settings.logged.revokeMachineCertificates",
  "kernel.createTerminal": "settings.logged.createTerminal",
  "kernel.linkTerminal": "settings.logged.linkTerminal",
  "kernel.removeTerminal": "settings.logged.removeTerminal",
  "kernel.declareTerminal": "settings.logged.declareTerminal",
  "kernel.signInAtTerminal": "settings.logged.signInAtTerminal",
  "kernel.setOwnPin": "settings.logged.setOwnPin",
  "kernel.setBadge": "settings.logged.setBadge",
  "kernel.createAccessSet": "settings.logged.createAccessSet",
  "kernel.changeAccessSet": "settings.logged.changeAccessSet",
  "kernel.removeAccessSet": "settings.logged.removeAccessSet",
  "transparency.evidence": "settings.logged.evidence",
  "transparency.askOutside": "settings.logged.askOutside",
  "privacy.eraseSelf": "settings.logged.erasePerson",
  "privacy.erasePerson": "settings.logged.erasePerson",
  "privacy.exportSelf": "settings.logged.exportPerson",
  "privacy.exportPerson": "settings.logged.exportPerson",
} as const;

function What({ entry }: { readonly entry: TransparencyEntry }): ReactNode {
  const { t, zone, language } = useWords();
  const {
    what,
    operation = "",
    revision = 0,
    kind = "",
    state = "",
    journal = "",
    file = "",
    count = 1,
    instant = "",
    code = "",
    whom,
  } = entry;
  const named = NAMED[operation as keyof typeof NAMED];
  const done = named === undefined ? operation : t(named);
  const about = whom === undefined ? "" : ` (${whom.name})`;
  if (what === "commit") return t(`settings.logged.${didOf(entry)}`, { revision });
  if (what === "refused") return t("settings.logged.refused", { operation: done, count });
  if (what === "export") return t("settings.logged.export", { operation: done });
  if (what === "record") return t("settings.logged.record", { journal });
  if (what === "job") return t("settings.logged.job", { kind, state });
  if (what === "segment") return t("settings.logged.segment", { file });
  if (what === "restored") return t("settings.logged.restored", { instant: momentText(Date.parse(instant) * 1_000, zone, language) });
  if (what === "attention") return t(`settings.logged.attention.${state === "over" ? "over" : "begun"}`, { code });
  if (what === "start" || what === "stop") return t(`settings.logged.${what}`);
  if (what === "before" || what === "lost") return t(`settings.logged.${what}`, { revision });
  return done + about;
}

function didOf({ did }: TransparencyEntry): "change" | "fork" | "merge" | "abandon" | "undo" {
  return did === "fork" || did === "merge" || did === "abandon" || did === "undo" ? did : "change";
}

function Who({ entry: { who, erased, isCommandLine } }: { readonly entry: TransparencyEntry }): ReactNode {
  const { t } = useWords();
  if (who !== undefined) return who.name;
  if (isCommandLine) return <span className="dw-quiet">{t("settings.transparencyCommandLine")}</span>;
  return <span className="dw-quiet">{erased ? t("settings.transparencyErased") : t("settings.transparencyServer")}</span>;
}

/** Computed again for the entry alone: what was proven once stays proven. */
function Proof({ head: { key }, entry }: { readonly head: TransparencyHead; readonly entry: TransparencyEntry }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [verdict, setVerdict] = useState<"proven" | "wrong" | "unknown" | undefined>(undefined);
  useEffect(() => {
    const given = new AbortController();
    import("./verify-entry.ts")
      .then(({ verifyEntry }) => verifyEntry(client, key, entry, given.signal))
      .then(
        (isProven) => given.signal.aborted || setVerdict(isProven ? "proven" : "wrong"),
        () => given.signal.aborted || setVerdict("unknown"),
      );
    return () => given.abort();
    // an entry is its bytes at its place
  }, [client, key, entry.index, entry.bytes]);
  if (verdict === "proven")
    return (
      <span className="dw-log-proof" title={t("settings.transparencyProvenHint", { index: entry.index })}>
        <IconCheck size={14} aria-hidden /> {t("settings.transparencyProven")}
      </span>
    );
  if (verdict === "wrong")
    return (
      <strong className="dw-log-proof dw-log-wrong">
        <IconX size={14} aria-hidden /> {t("settings.transparencyWrong")}
      </strong>
    );
  return <span className="dw-quiet">{verdict === "unknown" ? t("settings.transparencyUnknown") : "…"}</span>;
}
