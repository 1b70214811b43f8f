import { Button, TextInput } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import type { OutsideStatement, TransparencyOutside } from "@doppelwerk/client";
import {
  CardPart,
  DataTable,
  Form,
  messageText,
  momentText,
  RowActions,
  useLoad,
  useSentForm,
  useStudio,
  useTask,
  useWords,
  type Column,
} from "@doppelwerk/ui";
import { OutsideSettingsButton } from "./outside-settings.tsx";
import type { StampedHere, WitnessedHere } from "./verify-outside.ts";

type Kind = "cosigned" | "stamped" | "anchored";

interface Line {
  readonly kind: Kind;
  readonly title: string;
  readonly statement: OutsideStatement;
  readonly by: string;
  /** Microseconds since 1970, as those state it. */
  readonly time: number | undefined;
  readonly verdict: "proven" | "wrong" | "stated" | undefined;
  /** What a chain states, short. */
  readonly stated?: string;
  readonly hint: string;
}

interface Verified {
  readonly cosigned?: WitnessedHere;
  readonly stamped?: StampedHere;
}

/** What witnesses, an authority and a chain stated about the log, proven in this browser as far as it can be. */
export function OutsidePart({ logKey }: { readonly logKey: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const loaded = useLoad((signal) => studio.client.transparencyOutside({ signal }), []);
  const [asked, setAsked] = useState<TransparencyOutside | undefined>(undefined);
  const task = useTask((_, error) => studio.notifyFailure(error));
  const outside = asked ?? loaded.value;
  const verified = useVerified(outside, logKey);
  if (outside === undefined) return null;
  const isAsked = outside.witnesses !== undefined || outside.timeStamps !== undefined || outside.anchoring !== undefined;
  return (
    <CardPart title={t("settings.outside")}>
      {isAsked ? <Statements outside={outside} verified={verified} /> : <NobodyAsked />}
      <div className="dw-row-tools">
        {isAsked && (
          <Button
            size="sm"
            variant="default"
            loading={task.busy}
            onClick={() => task.run(async () => setAsked(await studio.client.askTransparencyOutside()))}
          >
            {t("settings.outside.ask")}
          </Button>
        )}
        <OutsideSettingsButton
          onChanged={() => {
            setAsked(undefined);
            loaded.reload();
          }}
        />
      </div>
      {outside.asWitness !== undefined && (
        <AsWitness witnessKey={outside.asWitness.key} logs={outside.asWitness.logs} onChanged={setAsked} />
      )}
      <CosignForm onChanged={setAsked} />
    </CardPart>
  );
}

function NobodyAsked(): ReactNode {
  const { t } = useWords();
  return (
    <p className="dw-fine">
      {t("settings.outside.none")}{" "}
      <a href="/guide/transparency-log" target="_blank" rel="noreferrer">
        {t("settings.outside.guide")}
      </a>
    </p>
  );
}

function Statements({ outside, verified }: { readonly outside: TransparencyOutside; readonly verified: Verified }): ReactNode {
  const { t, zone, language } = useWords();
  const lines = useLines(outside, verified);
  const columns: readonly Column<Line>[] = [
    { title: t("settings.outside.what"), cell: ({ title }) => title },
    { title: t("settings.outside.by"), cell: ({ by }) => <span className="dw-log-text">{by}</span> },
    { title: t("settings.outside.entries"), cell: ({ statement }) => statement.size ?? "–", isNumber: true },
    {
      title: t("settings.outside.when"),
      cell: ({ time }) =>
        time === undefined ? t("settings.outside.never") : `${momentText(time, zone, language)} · ${ageText(time, language)}`,
    },
    { title: t("settings.transparencyProof"), cell: (line) => <Verdict {...line} /> },
  ];
  const failures = [
    ...lines.flatMap(({ title, statement: { failure } }) =>
      failure === undefined ? [] : [{ what: title, code: failure.code, reason: messageText("", failure) }],
    ),
    ...(outside.witnesses?.of ?? []).flatMap(({ host, failure }) =>
      failure === undefined ? [] : [{ what: host, code: failure.code, reason: messageText("", failure) }],
    ),
  ];
  return (
    <>
      <DataTable caption={t("settings.outside")} className="dw-jobs" columns={columns} rows={lines} keyOf={({ kind }) => kind} />
      {failures.map(({ what, code, reason }) => (
        <p key={what} className="dw-fine dw-log-wrong">
          {t("settings.outside.failed", { what, reason })} {t(adviceOn(code))}
        </p>
      ))}
      {(outside.witnesses?.of ?? []).map(
        ({ host, forgot }) =>
          forgot !== undefined && (
            <p key={host} className="dw-fine dw-log-wrong">
              {t("settings.outside.forgot", { witness: host, ...forgot })}
            </p>
          ),
      )}
    </>
  );
}

type Words = ReturnType<typeof useWords>;

function useLines({ witnesses, timeStamps, anchoring }: TransparencyOutside, { cosigned, stamped }: Verified): readonly Line[] {
  const { t } = useWords();
  const judged = (is: boolean | undefined) => (is === undefined ? undefined : is ? "proven" : "wrong");
  const lines: Line[] = [];
  if (witnesses !== undefined) {
    const { needed, of } = witnesses;
    const count = of.filter(({ size }) => size !== undefined && size === witnesses.size).length;
    lines.push({
      kind: "cosigned",
      title: t("settings.outside.cosigned", { count, of: of.length, needed }),
      statement: witnesses,
      by: (cosigned?.by.length ? cosigned.by : of.map(({ host }) => host)).join(", "),
      time: witnesses.at,
      verdict: judged(cosigned?.isProven),
      hint: t("settings.outside.provenHint"),
    });
  }
  if (timeStamps !== undefined)
    lines.push({
      kind: "stamped",
      title: t("settings.outside.stamped"),
      statement: timeStamps,
      by: stamped?.by ?? timeStamps.host,
      time: stamped?.time ?? timeStamps.at,
      verdict: judged(stamped?.isProven),
      hint: t("settings.outside.provenHint"),
    });
  if (anchoring !== undefined) {
    const { chain, contract, host, time, transaction, isPending, confirmations } = anchoring;
    const waits = isPending ? ` (${t("settings.outside.pending", { confirmations })})` : "";
    lines.push({
      kind: "anchored",
      title: t("settings.outside.anchored", { chain }) + waits,
      statement: anchoring,
      by: [contract, transaction].filter((each) => each !== undefined).join(" "),
      time,
      verdict: anchoring.size === undefined ? undefined : "stated",
      stated: statedBy(anchoring, t),
      hint: t("settings.outside.notRead", { host }),
    });
  }
  return lines;
}

function statedBy({ blockHash, agreed = [] }: NonNullable<TransparencyOutside["anchoring"]>, t: Words["t"]): string {
  if (blockHash === undefined) return t("settings.outside.notReadShort");
  return agreed.length === 0 ? t("settings.outside.inBlock") : t("settings.outside.agreed", { count: agreed.length });
}

/** How long ago, in the largest whole unit. */
function ageText(time: number, language: string): string {
  const minutes = Math.max(0, Math.round((Date.now() - time / 1_000) / 60_000));
  const format = new Intl.RelativeTimeFormat(language, { style: "short" });
  if (minutes < 120) return format.format(-minutes, "minute");
  return minutes < 2_880 ? format.format(-Math.round(minutes / 60), "hour") : format.format(-Math.round(minutes / 1_440), "day");
}

/** What to do about a failure. */
function adviceOn(code: string) {
  if (code === "proof.outsideNotReached") return "settings.outside.adviceReach";
  if (code === "proof.witnessTooFew") return "settings.outside.adviceFew";
  if (code === "proof.anchorNodesDisagree" || code === "proof.anchorNotProven") return "settings.outside.adviceNodes";
  if (code === "proof.anchorTooDear" || code === "proof.anchorNoContract" || code === "proof.anchorOtherContract")
    return "settings.outside.adviceChain";
  return "settings.outside.adviceOther";
}

function Verdict({ verdict, hint, stated, statement }: Line): ReactNode {
  const { t } = useWords();
  if (statement.size === undefined) return <span className="dw-quiet">–</span>;
  if (verdict === "proven")
    return (
      <span className="dw-log-proof" title={hint}>
        <IconCheck size={14} aria-hidden /> {t("settings.outside.proven")}
      </span>
    );
  if (verdict === "stated")
    return (
      <span className="dw-quiet" title={hint}>
        {stated}
      </span>
    );
  if (verdict === "wrong")
    return (
      <strong className="dw-log-proof dw-log-wrong">
        <IconX size={14} aria-hidden /> {t("settings.outside.other")}
      </strong>
    );
  return <span className="dw-quiet">…</span>;
}

/** The key of a log of somebody else: this server cosigns it from then on. */
function CosignForm({ onChanged }: { readonly onChanged: (outside: TransparencyOutside) => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const form = useSentForm({ key: "" }, async ({ key }) => {
    onChanged(await studio.client.cosignLog(key.trim()));
    form.reset();
  });
  return (
    <Form form={form} submit={t("settings.outside.cosign")} isWhole={form.values.key.trim() !== ""}>
      <TextInput size="sm" label={t("settings.outside.cosignKey")} placeholder="doppelwerk.log/…" {...form.field("key")} />
    </Form>
  );
}

interface AsWitnessProps {
  readonly witnessKey: string;
  readonly logs: Logs;
  readonly onChanged: (outside: TransparencyOutside) => void;
}

function AsWitness({ logs, witnessKey, onChanged }: AsWitnessProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  return (
    <dl className="dw-facts dw-log-facts">
      <dt>{t("settings.outside.asWitness")}</dt>
      <dd>
        {logs.map(({ origin, size = 0 }) => (
          <div key={origin} className="dw-log-text">
            {t("settings.outside.asWitnessLog", { origin, size })}
            <RowActions
              actions={[
                {
                  label: t("settings.outside.forget"),
                  run: async () => onChanged(await studio.client.forgetLog(origin)),
                  question: { title: t("settings.outside.forget"), text: t("settings.outside.forgetText", { origin }) },
                },
              ]}
            />
          </div>
        ))}
      </dd>
      <dt>{t("settings.outside.witnessKey")}</dt>
      <dd className="dw-log-text">{witnessKey}</dd>
    </dl>
  );
}

type Logs = NonNullable<TransparencyOutside["asWitness"]>["logs"];

function useVerified(outside: TransparencyOutside | undefined, logKey: string): Verified {
  const [verified, setVerified] = useState<Verified>({});
  useEffect(() => {
    let isCurrent = true;
    setVerified({});
    const take = (more: Verified): void => void (isCurrent && setVerified((before) => ({ ...before, ...more })));
    const load = () => import("./verify-outside.ts");
    if (outside?.witnesses?.note !== undefined)
      load()
        .then(({ verifyWitnesses }) => verifyWitnesses(outside, logKey))
        .then(
          (cosigned) => take({ cosigned }),
          () => take({ cosigned: { isProven: false, by: [] } }),
        );
    if (outside?.timeStamps?.token !== undefined)
      load()
        .then(({ verifyStamp }) => verifyStamp(outside, logKey))
        .then(
          (stamped) => take({ stamped }),
          () => take({ stamped: { isProven: false } }),
        );
    return () => void (isCurrent = false);
  }, [outside, logKey]);
  return verified;
}
