import { ActionIcon, Button, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  Failure,
  inLanguage,
  NotReadAgain,
  useLoad,
  useProposedEdit,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { KnownReason } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { movedBefore } from "./moved-reason.ts";
import { ReasonEditor, type EditedReason } from "./reason-editor.tsx";
import "./tree.css";

/** The tree of reasons of the branch entered: groups and their reasons, in both languages, in their order, with their place in the time model. */
export default function ReasonsCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const loaded = useLoad(answerOf(calls.reasons, { query: { branch } }, { kinds: ["lossReason"] }));
  const [edited, setEdited] = useState<EditedReason>();
  const { busy, edit } = useProposedEdit(t("losses.tree.failed"), loaded.reload);
  const reasons = loaded.value;
  const move = (reason: KnownReason, by: -1 | 1): void => {
    const changed = movedBefore(reasons ?? [], reason, by);
    edit(t("losses.tree.branch"), async (on) => {
      for (const { code, fields, expected } of changed)
        await calls.storeReason(studio.client, { params: { code }, query: { branch: on }, body: { fields, expected } });
    });
  };
  return (
    <Card title={t("losses.tree.title")} note="ISO 22400-2" className="dw-reason-tree">
      {reasons === undefined && loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {reasons === undefined && loaded.kind !== "failed" && (
        <p className="dw-note" role="status">
          {t("frame.loading")}
        </p>
      )}
      {reasons !== undefined && (
        <>
          <NotReadAgain loaded={loaded} />
          <p className="dw-note">{t("losses.tree.about")}</p>
          <Tree reasons={reasons} busy={busy} onEdit={setEdited} onMove={move} />
          <p>
            <Button size="sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setEdited({ group: undefined })}>
              {t("losses.tree.addGroup")}
            </Button>
          </p>
          {edited !== undefined && (
            <ReasonEditor edited={edited} reasons={reasons} onClose={() => setEdited(undefined)} onStored={loaded.reload} />
          )}
        </>
      )}
    </Card>
  );
}

interface TreeProps {
  readonly reasons: readonly KnownReason[];
  readonly busy: boolean;
  readonly onEdit: (edited: EditedReason) => void;
  readonly onMove: (reason: KnownReason, by: -1 | 1) => void;
}

function Tree({ reasons, ...acts }: TreeProps): ReactNode {
  const { t, language } = useWords();
  const groups = reasons.filter(({ group }) => group === undefined);
  return (
    <ul className="dw-reason-groups" aria-label={t("losses.tree.title")}>
      {groups.map((group) => {
        const own = reasons.filter((each) => each.group === group.code);
        return (
          <li key={group.code}>
            <ReasonRow reason={group} beside={groups} {...acts} />
            <ul aria-label={inLanguage(group.fields.title, language)}>
              {own.map((reason) => (
                <li key={reason.code}>
                  <ReasonRow reason={reason} beside={own} {...acts} />
                </li>
              ))}
              <li>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<IconPlus size={12} />}
                  onClick={() => acts.onEdit({ group: group.code })}
                >
                  {t("losses.tree.addReason")}
                </Button>
              </li>
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

interface RowProps extends Omit<TreeProps, "reasons"> {
  readonly reason: KnownReason;
  readonly beside: readonly KnownReason[];
}

function ReasonRow({ reason, beside, busy, onEdit, onMove }: RowProps): ReactNode {
  const { t, language } = useWords();
  const { code, fields, group, isStored } = reason;
  const title = inLanguage(fields.title, language);
  const at = beside.indexOf(reason);
  return (
    <div className={`dw-reason-row ${group === undefined ? "is-group" : ""} ${fields.isRetired ? "is-retired" : ""}`}>
      <UnstyledButton onClick={() => onEdit({ group, reason })} title={t("losses.tree.editOf", { title })}>
        <span>{title}</span> <small>{code}</small>
      </UnstyledButton>
      <span className="dw-reason-marks">
        {fields.isRetired && <span className="dw-badge">{t("losses.tree.retired")}</span>}
        {isStored && <span className="dw-badge">{t("losses.tree.changed")}</span>}
        {fields.stations.length > 0 && <small>{fields.stations.join(", ")}</small>}
      </span>
      <small title={t(`losses.tree.element.${fields.element}`)}>{fields.element}</small>
      <span>
        {([-1, 1] as const).map((by) => (
          <ActionIcon
            key={by}
            size="sm"
            variant="subtle"
            color="gray"
            disabled={busy || beside[at + by] === undefined}
            aria-label={t(by < 0 ? "losses.tree.up" : "losses.tree.down", { title })}
            onClick={() => onMove(reason, by)}
          >
            {by < 0 ? <IconArrowUp size={14} /> : <IconArrowDown size={14} />}
          </ActionIcon>
        ))}
      </span>
    </div>
  );
}
