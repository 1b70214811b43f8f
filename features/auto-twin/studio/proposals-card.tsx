import { Button, Select, TextInput, UnstyledButton } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  FindingText,
  Problem,
  answerOf,
  codeOfReason,
  messageText,
  momentText,
  useLoad,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { proposal, proposals } from "../calls.ts";
import type { ProposalReport, ProposalState } from "../contract.ts";
import { DismissButton } from "./dismiss-button.tsx";
import { ProposeButton } from "./propose-button.tsx";
import "./proposals-card.css";

const POLL_MS = 1_500;
const MAX_ROWS = 400;
const MAX_EXAMPLES = 3;
const MAX_LISTED = 30;

/** How far proposals are: what was found, why, what is asked, what nobody told, and the merge request it became. */
export default function Proposals({
  begun: chosen,
  onBegun: onChoose,
}: {
  readonly begun: string | undefined;
  readonly onBegun: (id: string) => void;
}): ReactNode {
  const { t } = useWords();
  const [isAll, setAll] = useState(false);
  const listed = useLoad(answerOf(proposals, {}), { everyMs: POLL_MS, again: chosen ?? "" });
  const all = listed.value ?? [];
  const dismissed = new Set(all.flatMap((each) => (each.dismissed === undefined ? [] : [each.id])));
  const shown = isAll ? all : all.filter(({ id }) => !dismissed.has(id));
  // one that was just begun is in no list yet
  const id = chosen !== undefined && (isAll || !dismissed.has(chosen)) ? chosen : shown[0]?.id;
  const entry = all.find((each) => each.id === id);
  const state = entry?.state;
  // a finished one does not change: it is loaded once
  const report = useLoad(id === undefined ? undefined : answerOf(proposal, { params: { id } }), { again: state ?? "" });
  const place = useRef<HTMLDivElement>(null);
  const isThere = id !== undefined && report.value?.id === id;
  // whoever asked sees the answer, wherever on the page they asked
  useEffect(() => {
    if (chosen !== undefined && isThere) place.current?.scrollIntoView({ block: "start" });
  }, [chosen, isThere]);
  if (!isThere && dismissed.size === 0) return null;
  return (
    <div ref={place} className="dw-proposal-place">
      {shown.length > 1 && <Choice proposals={shown} id={id} onChoose={onChoose} />}
      {isThere && <Proposal report={{ ...report.value!, ...dismissalOf(entry) }} onAgain={onChoose} onChanged={listed.reload} />}
      {dismissed.size > 0 && (
        <UnstyledButton className="dw-text-link" onClick={() => setAll(!isAll)}>
          {isAll ? t("autoTwin.hideDismissed") : t("autoTwin.showDismissed", { count: dismissed.size })}
        </UnstyledButton>
      )}
    </div>
  );
}

/** What the list says by now: the report was read before. */
function dismissalOf(entry: ProposalState | undefined): Pick<ProposalState, "dismissed"> {
  return entry?.dismissed === undefined ? {} : { dismissed: entry.dismissed };
}

function Choice({
  proposals: listed,
  id,
  onChoose,
}: {
  readonly proposals: readonly ProposalState[];
  readonly id: string | undefined;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <Select
      size="sm"
      className="dw-proposal-choice"
      aria-label={t("autoTwin.proposals")}
      data={listed
        .slice(0, MAX_LISTED)
        .map((each) => ({ value: each.id, label: `${each.name} · ${momentText(each.at, zone, language, false)}` }))}
      value={id ?? null}
      allowDeselect={false}
      onChange={(value) => value !== null && onChoose(value)}
    />
  );
}

function Proposal({
  report,
  onAgain,
  onChanged,
}: {
  readonly report: ProposalReport;
  readonly onAgain: (id: string) => void;
  readonly onChanged: () => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <Card
      title={t("autoTwin.proposalOf", { name: report.name })}
      note={
        <>
          {momentText(report.at, zone, language, false)}
          {(report.state === "done" || report.state === "failed") && <DismissButton proposal={report} onChanged={onChanged} />}
        </>
      }
      className="dw-proposal"
    >
      {report.state === "failed" ? (
        <Problem text={messageText(report.why ?? "", report.message)} code={codeOfReason(report.message)} />
      ) : report.summary === undefined ? (
        <p className="dw-quiet">{t.or(`autoTwin.proposalStates.${report.state}`, report.state)}</p>
      ) : (
        <>
          <Found report={report} />
          <Evidence report={report} />
          <Questions key={report.id} report={report} onAgain={onAgain} />
          <Unknowns report={report} />
        </>
      )}
    </Card>
  );
}

function Found({ report }: { readonly report: ProposalState }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { summary, request } = report;
  const figures = ["assets", "joined", "signals", "nameplates", "flows", "candidates", "unknown"] as const;
  return (
    <>
      <dl className="dw-connection-facts">
        {figures.map((figure) => (
          <div key={figure}>
            <dt>{t(`autoTwin.found.${figure}`)}</dt>
            <dd>
              {summary![figure] ?? 0}
              {figure === "signals" && <small>{t("autoTwin.foundOf", { count: summary!.offered })}</small>}
            </dd>
          </div>
        ))}
      </dl>
      {summary!.conflicts > 0 && <p className="dw-note">{t("connect.importConflicts", { count: summary!.conflicts })}</p>}
      {request === undefined ? (
        <WithoutRequest report={report} />
      ) : (
        <Button
          size="sm"
          className="dw-proposal-open"
          onClick={() => studio.address.go({ view: "changes", detail: request })}
          rightSection={<IconArrowRight size={16} />}
        >
          {t("autoTwin.openRequest")}
        </Button>
      )}
    </>
  );
}

/** That there is nothing new, or that nothing of what is offered was recognised, and what can be done then. */
function WithoutRequest({ report: { summary, of, name } }: { readonly report: ProposalState }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { assets, joined = 0, offered } = summary!;
  if (assets > 0 || joined > 0 || offered === 0) return <p className="dw-quiet">{t("autoTwin.nothingNew")}</p>;
  const toValues = async (): Promise<void> => {
    const { url, connection, ...plant } = of ?? {};
    try {
      // their values are to be there before assets are made of them
      if (connection === undefined && url !== undefined) await studio.client.connect({ ...plant, url, name });
      studio.address.go({ view: "world" });
    } catch (error) {
      studio.notifyFailure(error);
    }
  };
  return (
    <>
      <p className="dw-note">{t("autoTwin.nothingRecognised", { count: offered })}</p>
      {(of?.connection !== undefined || of?.url !== undefined) && (
        <Button size="sm" className="dw-proposal-open" onClick={() => void toValues()} rightSection={<IconArrowRight size={16} />}>
          {t("autoTwin.makeAsset")}
        </Button>
      )}
    </>
  );
}

/** One line a thing, grouped by its asset; the surest way to trust is to see why. */
function Evidence({ report }: { readonly report: ProposalReport }): ReactNode {
  const { t, language } = useWords();
  const groups = new Map<string, ProposalReport["evidence"][number][]>();
  for (const each of report.evidence) {
    const list = groups.get(each.shell);
    if (list === undefined) groups.set(each.shell, [each]);
    else list.push(each);
  }
  return (
    <>
      <h3 className="dw-small-title">{t("autoTwin.why")}</h3>
      {[...groups].map(([shell, all]) => {
        const head = all.find(({ kind }) => kind === "asset" || kind === "tree") ?? all[0]!;
        return (
          <details key={shell} className="dw-evidence">
            <summary>
              <b>{head.subject}</b>
              <span>{messageText(head.why[language], head.message)}</span>
              <Confidence value={head.confidence} />
            </summary>
            {all.length > 1 && (
              <ul>
                {all
                  .filter((each) => each !== head)
                  .slice(0, MAX_ROWS)
                  .map((each) => (
                    <li key={`${each.kind} ${each.subject}`}>
                      <code>{each.subject}</code>
                      <span>{messageText(each.why[language], each.message)}</span>
                      <Confidence value={each.confidence} />
                    </li>
                  ))}
              </ul>
            )}
          </details>
        );
      })}
    </>
  );
}

function Confidence({ value }: { readonly value: number }): ReactNode {
  const { t } = useWords();
  const percent = Math.round(value * 100);
  return (
    <span className={`dw-confidence ${value < 0.8 ? "is-low" : ""}`} title={t("autoTwin.confidence", { percent })}>
      {value < 0.8 ? t("autoTwin.guess", { percent }) : `${percent} %`}
    </span>
  );
}

function Questions({ report, onAgain }: { readonly report: ProposalReport; readonly onAgain: (id: string) => void }): ReactNode {
  const { t, language } = useWords();
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  if (report.questions.length === 0) return null;
  const given = Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer.trim() !== ""));
  return (
    <>
      <h3 className="dw-small-title">{t("autoTwin.questions")}</h3>
      <div className="dw-questions">
        {report.questions.map(({ id, message, text, choices }) => (
          <TextInput
            key={id}
            size="sm"
            label={messageText(text[language], message)}
            placeholder={choices?.slice(0, 6).join(" · ") ?? t("autoTwin.leaveOpen")}
            value={answers[id] ?? ""}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setAnswers((all) => ({ ...all, [id]: value }));
            }}
          />
        ))}
        {report.of !== undefined && (
          <ProposeButton
            request={{ ...report.of, name: report.name, answers: given }}
            onBegun={onAgain}
            disabled={Object.keys(given).length === 0}
            again
          />
        )}
      </div>
    </>
  );
}

function Unknowns({ report }: { readonly report: ProposalReport }): ReactNode {
  const { t, language } = useWords();
  const findings = report.unknowns.filter(({ finding }) => finding !== undefined);
  const unknown = report.unknowns.filter(({ finding }) => finding === undefined);
  return (
    <>
      {unknown.length > 0 && <h3 className="dw-small-title">{t("autoTwin.unknown")}</h3>}
      <ul className="dw-findings">
        {unknown.map(({ message, text, count, examples }) => (
          <li key={JSON.stringify(message)} title={examples.join("\n")}>
            {messageText(text[language], message)}
            {count > 0 && ` · ${count}`}
            {count > 0 && examples.length > 0 && <small>{examples.slice(0, MAX_EXAMPLES).join(language === "zh" ? "、" : ", ")}</small>}
          </li>
        ))}
      </ul>
      {findings.length > 0 && <h3 className="dw-small-title">{t("plant.findings", { count: findings.length })}</h3>}
      <ul className="dw-findings">
        {findings.map(({ finding, count, examples }) => (
          <li key={`${finding!.constraint} ${finding!.message}`} title={examples.join("\n")}>
            <FindingText finding={finding!} />
            {count > 0 && ` · ${count}`}
          </li>
        ))}
      </ul>
    </>
  );
}
