import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { DataTable, Dialog, inLanguage, momentText, numberText, useLoad, useScope, useWords, type Column } from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";
import * as calls from "../calls.ts";
import type { KnownPart, MovementLine } from "../contract.ts";
import type {} from "../message-codes.ts";
import { MoveForm } from "./move-form.tsx";
import { daysText, reachText, useUnit } from "./stock-text.ts";

/** A part: what is known of it, what may be done with it, and what happened to it. */
export function PartDialog({
  part,
  at,
  onClose,
  onChanged,
  onEdit,
}: {
  readonly part: KnownPart;
  readonly at: Instant | undefined;
  readonly onClose: () => void;
  readonly onChanged: () => void;
  readonly onEdit: () => void;
}): ReactNode {
  const { branch } = useScope();
  const { t, language } = useWords();
  const loaded = useLoad({
    key: ["GET /spare-parts/:part/movements", part.part, branch, at],
    run: ({ client }, signal) =>
      calls.history(client, { params: { part: part.part }, query: { branch, ...(at !== undefined && { t: at }) } }, { signal }),
    changedBy: { kinds: ["sparePart"], topics: { "stores.changed": () => true } },
  });
  const known = loaded.value?.part ?? part;
  return (
    <Dialog opened onClose={onClose} title={`${part.part} · ${inLanguage(part.fields.title, language)}`} size={860} centered>
      <Facts part={known} />
      {at === undefined && (
        <MoveForm
          part={known}
          onMoved={() => {
            loaded.reload();
            onChanged();
          }}
        />
      )}
      <Movements lines={loaded.value?.lines} more={loaded.value?.more ?? 0} loaded={loaded} unit={known.fields.unit} />
      <div className="dw-dialog-foot">
        <Button variant="default" onClick={onClose}>
          {t("frame.close")}
        </Button>
        <Button variant="default" onClick={onEdit}>
          {t("stores.edit")}
        </Button>
      </div>
    </Dialog>
  );
}

function Facts({ part: { fields, onHand, reserved, work, reach, use, value } }: { readonly part: KnownPart }): ReactNode {
  const { t } = useWords();
  const unitOf = useUnit();
  const { unit } = fields;
  return (
    <dl className="dw-facts">
      <dt>{t("stores.onHand")}</dt>
      <dd>{unitOf(onHand, unit)}</dd>
      <dt>{t("stores.reserved")}</dt>
      <dd>
        {unitOf(reserved, unit)}
        {work.length > 0 && ` (${work.map((each) => `${each.work}: ${numberText(each.quantity)}`).join(", ")})`}
      </dd>
      <dt>{t("stores.field.minimum")}</dt>
      <dd>
        {unitOf(fields.minimum, unit)}
        {fields.reorder !== undefined && ` · ${t("stores.reorderOf", { quantity: unitOf(fields.reorder, unit) })}`}
        {fields.leadDays !== undefined && ` · ${t("stores.leadOf", { days: daysText(fields.leadDays, t) })}`}
      </dd>
      <dt>{t("stores.use")}</dt>
      <dd>{t("stores.useOf", { quantity: unitOf(use.quantity, unit), days: Math.round(use.days), count: use.withdrawals })}</dd>
      <dt>{t("stores.reach")}</dt>
      <dd>{reach === undefined ? t("stores.reachWhy") : reachText(reach, t)}</dd>
      <dt>{t("stores.field.place")}</dt>
      <dd>{fields.place ?? "–"}</dd>
      <dt>{t("stores.field.fits")}</dt>
      <dd>{fields.fits.length === 0 ? "–" : fields.fits.join(", ")}</dd>
      <dt>{t("stores.value")}</dt>
      <dd>{value === undefined ? "–" : `${numberText(value, 1)} ${fields.currency}`}</dd>
    </dl>
  );
}

function Movements({
  lines,
  more,
  unit,
  loaded,
}: {
  readonly lines: readonly MovementLine[] | undefined;
  readonly more: number;
  readonly unit: string;
  readonly loaded: ReturnType<typeof useLoad<{ readonly lines: MovementLine[] }>>;
}): ReactNode {
  const { t, language, zone } = useWords();
  const unitOf = useUnit();
  const columns: readonly Column<MovementLine>[] = [
    {
      title: t("stores.when"),
      cell: ({ at, known, isLate }) => (
        <>
          {momentText(at, zone, language, false)}
          {isLate && <small className="dw-quiet-text">{t("stores.late", { at: momentText(known, zone, language, false) })}</small>}
        </>
      ),
    },
    { title: t("stores.what"), cell: (line) => <What line={line} unit={unit} /> },
    { title: t("stores.after"), isNumber: true, cell: ({ after }) => unitOf(after, unit) },
    { title: t("stores.by"), cell: ({ by }) => by },
    {
      title: t("stores.for"),
      cell: ({ work, reason, document }) => [work, reason, document].filter((each) => each !== undefined).join(" · ") || "–",
    },
  ];
  return (
    <>
      <DataTable caption={t("stores.history")} columns={columns} rows={lines ?? []} keyOf={({ movement }) => movement} loaded={loaded} />
      {more > 0 && <p className="dw-note">{t("stores.more", { more })}</p>}
    </>
  );
}

function What({
  line: { kind, quantity, difference, differenceThen },
  unit,
}: {
  readonly line: MovementLine;
  readonly unit: string;
}): ReactNode {
  const { t } = useWords();
  const unitOf = useUnit();
  const signed = (value: number): string => `${value > 0 ? "+" : ""}${unitOf(value, unit)}`;
  return (
    <>
      {t(`stores.kind.${kind}`)} <b>{kind === "corrected" ? signed(quantity) : unitOf(quantity, unit)}</b>
      {difference !== undefined && difference !== 0 && (
        <small className="dw-stores-low">{t("stores.difference", { quantity: signed(difference) })}</small>
      )}
      {differenceThen !== undefined && (
        <small className="dw-quiet-text">{t("stores.differenceThen", { quantity: signed(differenceThen) })}</small>
      )}
    </>
  );
}
