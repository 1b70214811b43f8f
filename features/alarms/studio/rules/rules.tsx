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
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { KnownRule } from "../../contract.ts";
import { conditionText } from "./condition-text.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { useNaming } from "./use-naming.ts";

/** The rules of the branch entered: what is shipped, what people stored over it. `rules/ID` in the address opens one, `rules/new` a new one. */
export function Rules({ open }: { readonly open: string | undefined }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const naming = useNaming();
  const [search, setSearch] = useState("");
  const loaded = useLoad(answerOf(calls.rules, { query: { branch } }, { kinds: ["alarmRule", ...plantKinds] }));
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
      {found.length === 0 ? (
        <Empty title={t("alarms.rule.noneTitle")} text={t("alarms.rule.noneText")} />
      ) : (
        <RuleTable rules={found} onOpen={go} />
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

function RuleTable({ rules, onOpen }: { readonly rules: readonly KnownRule[]; readonly onOpen: (id: string) => void }): ReactNode {
  const { t, language } = useWords();
  const naming = useNaming();
  const columns: readonly Column<KnownRule>[] = [
    {
      title: t("alarms.priority"),
      cell: ({ fields: { priority } }) => (
        <span className={`dw-rule-mark dw-p${priority}`}>
          <AlarmShape priority={priority} blinking={false} size={14} /> {priority}
        </span>
      ),
    },
    { title: t("alarms.station"), cell: ({ fields }) => fields.station ?? "" },
    {
      title: t("alarms.title"),
      cell: ({ id, fields }) => (
        <UnstyledButton className="dw-text-link" onClick={() => onOpen(id)}>
          {inLanguage(fields.title, language)}
        </UnstyledButton>
      ),
    },
    { title: t("alarms.rule.condition"), cell: ({ fields }) => conditionText(fields.condition, naming) },
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
