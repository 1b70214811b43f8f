import { Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { ModelPort } from "@doppelwerk/client";
import { ScrollRegion, useStudio, useWords, withUnit } from "@doppelwerk/kit/studio";
import { emptyDraft, type PortDraft } from "./port-draft.ts";

/** A row a port: whether it takes a value, a signal or a property, and which. */
export function PortBindings({
  ports,
  drafts,
  onChange,
}: {
  readonly ports: readonly ModelPort[];
  readonly drafts: Readonly<Record<string, PortDraft>>;
  readonly onChange: (port: string, draft: PortDraft) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <ScrollRegion label={t("simulate.models.port")}>
      <table className="dw-kpis dw-ports">
        <thead>
          <tr>
            <th>{t("simulate.models.port")}</th>
            <th>{t("simulate.models.takes")}</th>
            <th>{t("simulate.models.value")}</th>
          </tr>
        </thead>
        <tbody>
          {ports.map((port) => (
            <PortRow key={port.name} port={port} draft={drafts[port.name] ?? emptyDraft} onChange={(draft) => onChange(port.name, draft)} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

interface PortProps {
  readonly port: ModelPort;
  readonly draft: PortDraft;
  readonly onChange: (draft: PortDraft) => void;
}

function PortRow(props: PortProps): ReactNode {
  const { t } = useWords();
  const { port, draft, onChange } = props;
  const kinds = port.causality === "input" ? (["value", "signal", "property"] as const) : (["value", "property"] as const);
  return (
    <tr>
      <td>
        <b>{port.name}</b>
        <small>
          {port.type}
          {port.size > 1 && ` × ${port.size}`}
          {port.unit !== undefined && ` · ${port.unit}`} ·{" "}
          {t(`simulate.models.causality.${port.causality === "input" ? "input" : "parameter"}`)}
        </small>
      </td>
      <td>
        <Select
          size="xs"
          aria-label={t("simulate.models.takesOf", { name: port.name })}
          allowDeselect={false}
          data={kinds.map((kind) => ({ value: kind, label: t(`simulate.models.from.${kind}`) }))}
          value={draft.kind}
          onChange={(kind) => onChange({ ...draft, kind: kind as PortDraft["kind"] })}
        />
      </td>
      <td>
        <PortField {...props} />
      </td>
    </tr>
  );
}

/** The field of what the port takes. */
function PortField({ port, draft, onChange }: PortProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  if (draft.kind === "value")
    return (
      <TextInput
        size="xs"
        aria-label={t("simulate.models.valueOf", { name: port.name })}
        placeholder={port.start ?? ""}
        value={draft.value}
        onChange={(event) => onChange({ ...draft, value: event.currentTarget.value })}
      />
    );
  if (draft.kind === "property")
    return (
      <TextInput
        size="xs"
        aria-label={t("simulate.models.propertyOf", { name: port.name })}
        placeholder="urn:…#Technical.Mass"
        value={draft.property}
        onChange={(event) => onChange({ ...draft, property: event.currentTarget.value })}
      />
    );
  const signals = studio.signals
    .entries()
    .filter(({ valueType }) => valueType !== "string" && valueType !== "enumeration")
    .map(({ id, name, unit }) => ({ value: id, label: withUnit(name, unit) }));
  return (
    <Select
      size="xs"
      searchable
      limit={50}
      aria-label={t("simulate.models.signalOf", { name: port.name })}
      placeholder={t("simulate.models.chooseSignal")}
      data={signals}
      value={draft.signal === "" ? null : draft.signal}
      onChange={(signal) => onChange({ ...draft, signal: signal ?? "" })}
    />
  );
}
