import { Button, TextInput, UnstyledButton } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  AlarmShape,
  DataTable,
  Empty,
  Failure,
  NotReadAgain,
  answerOf,
  inLanguage,
  plantKinds,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { KnownRule, RuleCounts } from "../../contract.ts";
import { conditionText } from "./condition-text.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { RuleCondition, UnevaluatedNote } from "./unevaluated.tsx";
import { useNaming } from "./use-naming.ts";

interface RulesProps {
  readonly open: string | undefined;
  /** Shows the occurrences of a rule in the history of alarms. */
  readonly onHistory: (rule: KnownRule, span: "1d" | "7d") => void;
}

/** The rules of the branch entered: what is shipped, what people stored over it. `rules/ID` in the address opens one, `rules/new` a new one. */
export function Rules({ open, onHistory }: RulesProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const naming = useNaming();
  const [search, setSearch] = useState("");
  const at = useShownStep();
  const query = { branch, ...(at !== undefined && { t: at }) };
  // what cannot be evaluated changes with the values
  const loaded = useLoad(answerOf(calls.rules, { query }, { kinds: ["alarmRule", ...plantKinds] }), {
    everyMs: at === undefined ? EVERY_MS : undefined,
  });
  const counts = useRuleCounts();
  const rules = loaded.value;
  if (rules === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : null;
  const needle = search.trim().toLowerCase();
  const found = rules
    .toSorted(byStation)
    .filter(({ fields: { title, station = "", condition } }) =>
      `${station} ${title.en} ${title.zh} ${conditionText(condition, naming)}`.toLowerCase().includes(needle),
    );
  const go = (rule: string | undefined): void => studio.address.amend({ detail: rule === undefined ? "rules" : `rules/${rule}` });
  return (
    <>
      <div className="dw-tools dw-rule-tools">
        <TextInput
          size="sm"
          leftSection={<IconSearch size={14} />}
          placeholder={t("alarms.search")}
          aria-label={t("alarms.search")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <span className="dw-grow" />
        <small className="dw-quiet-text">
          {t("alarms.rule.counts", { count: rules.length, stored: rules.filter(({ isStored }) => isStored).length })}
        </small>
        <Button size="sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => go("new")}>
          {t("alarms.rule.add")}
        </Button>
      </div>
      <NotReadAgain loaded={loaded} />
      <UnevaluatedNote rules={rules} />
      {counts.kind === "failed" && <Failure message={counts.message} code={counts.code} onRetry={counts.reload} />}
      {found.length === 0 ? (
        <Empty title={t("alarms.rule.noneTitle")} text={t("alarms.rule.noneText")} />
      ) : (
        <RuleTable rules={found} counts={counts.value} onOpen={go} onHistory={onHistory} />
      )}
      {open !== undefined && (
        <RuleEditor
          key={open}
          rule={rules.find(({ id }) => id === open)}
          isNew={open === "new"}
          onClose={() => go(undefined)}
          onStored={loaded.reload}
        />
      )}
    </>
  );
}

function byStation({ fields: a }: KnownRule, { fields: b }: KnownRule): number {
  const compare = (one = "", other = ""): number => one.localeCompare(other, "en", { numeric: true });
  return compare(a.station, b.station) || a.priority - b.priority || compare(a.title.en, b.title.en);
}

interface RuleTableProps extends Pick<RulesProps, "onHistory"> {
  readonly rules: readonly KnownRule[];
  readonly counts: RuleCounts | undefined;
  readonly onOpen: (id: string) => void;
}

function RuleTable({ rules, counts, onOpen, onHistory }: RuleTableProps): ReactNode {
  const { t, language } = useWords();
  const byRule = new Map(counts?.counts.map((count) => [count.rule, count]));
  const isUnread = counts?.reading !== undefined;
  // before the history is read nothing is said to have raised nothing
  const countOf = ({ id }: KnownRule, span: "day" | "week"): number | undefined =>
    counts === undefined || isUnread ? undefined : (byRule.get(id)?.[span] ?? 0);
  const countColumn = (span: "day" | "week"): Column<KnownRule> => ({
    title: t(`alarms.rule.raised.${span}`),
    headHint: t("alarms.rule.raised.hint"),
    isNumber: true,
    sortBy: (rule) => countOf(rule, span),
    sortsFirst: "descending",
    cell: (rule) => (
      <Raised
        count={countOf(rule, span)}
        unread={counts?.reading}
        label={t(`alarms.rule.history.${span}`, { title: inLanguage(rule.fields.title, language) })}
        onOpen={() => onHistory(rule, span === "day" ? "1d" : "7d")}
      />
    ),
  });
  const naming = useNaming();
  const columns: readonly Column<KnownRule>[] = [
    {
      title: t("alarms.priority"),
      sortBy: ({ fields: { priority } }) => priority,
      cell: ({ fields: { priority } }) => (
        <span className={`dw-rule-mark dw-p${priority}`}>
          <AlarmShape priority={priority} blinking={false} size={14} /> {priority}
        </span>
      ),
    },
    {
      title: t("alarms.station"),
      sortBy: ({ fields }) => fields.station,
      className: "dw-rule-station",
      cell: ({ fields }) => fields.station ?? "",
    },
    {
      title: t("alarms.title"),
      cell: ({ id, fields }) => (
        <UnstyledButton className="dw-text-link" onClick={() => onOpen(id)}>
          {inLanguage(fields.title, language)}
        </UnstyledButton>
      ),
    },
    { title: t("alarms.rule.condition"), cell: (rule) => <RuleCondition rule={rule} naming={naming} /> },
    countColumn("day"),
    countColumn("week"),
    { title: t("alarms.rule.delay"), isNumber: true, cell: ({ fields }) => naming.duration(fields.onDelayS) },
    { title: t("alarms.rule.origin"), cell: (rule) => <Origin rule={rule} /> },
  ];
  return (
    <DataTable
      caption={t("alarms.rules")}
      columns={columns}
      rows={rules}
      keyOf={({ id }) => id}
      rowClass={({ fields }) => (fields.enabled ? undefined : "is-struck")}
    />
  );
}

/** How often it raised, leading to when; a dash while that is not known. */
function Raised({
  count,
  unread,
  label,
  onOpen,
}: {
  readonly count: number | undefined;
  /** How far the history is read, while it is. */
  readonly unread: number | undefined;
  readonly label: string;
  readonly onOpen: () => void;
}): ReactNode {
  const { t } = useWords();
  if (count === 0) return <span className="dw-quiet-text">0</span>;
  if (count === undefined) {
    const why =
      unread === undefined ? t("alarms.rule.raised.unknown") : t("alarms.rule.raised.unread", { percent: Math.round(unread * 100) });
    return (
      <span role="img" title={why} aria-label={why}>
        –
      </span>
    );
  }
  return (
    <UnstyledButton className="dw-text-link" title={label} aria-label={`${count}: ${label}`} onClick={onOpen}>
      {count}
    </UnstyledButton>
  );
}

const EVERY_MS = 60_000;
/** An instant of the past that is shown moves on in steps of so much. */
const STEP = 60e6;

/** The instant shown; undefined: live. */
function useShownStep(): number | undefined {
  const { time } = useScope();
  const shown = useStore(time.shown);
  return shown === undefined ? undefined : Math.round(shown / STEP) * STEP;
}

/** How often each rule raised before the instant shown; live it is counted again by the minute. */
function useRuleCounts() {
  const at = useShownStep();
  return useLoad<RuleCounts>(
    {
      key: ["GET /alarm-rule-counts", at],
      run: ({ client }, signal) => calls.ruleCounts(client, { query: at === undefined ? {} : { t: at } }, { signal }),
    },
    { everyMs: at === undefined ? EVERY_MS : undefined },
  );
}

/** Shipped, changed from what is shipped, or of this plant alone; and whether it is switched off. */
function Origin({ rule: { isStored, shipped, fields } }: { readonly rule: KnownRule }): ReactNode {
  const { t } = useWords();
  return (
    <span>
      <span className="dw-badge">{t(`alarms.rule.from.${!isStored ? "shipped" : shipped === undefined ? "own" : "changed"}`)}</span>
      {!fields.enabled && <span className="dw-badge dw-gap-left">{t("alarms.rule.off")}</span>}
    </span>
  );
}
