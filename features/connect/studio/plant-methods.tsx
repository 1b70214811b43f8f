import * as calls from "../calls.ts";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { PlantMethod } from "@doppelwerk/client";
import type { RecordId } from "@doppelwerk/world";
import { answerOf, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { MethodRow } from "./method-row.tsx";

const MAX_ROWS = 60;
/** Fewer need no search. */
const MIN_SEARCHED = 9;

/** The methods of a plant; calling them is off until commands are allowed on the connection. */
export function PlantMethods({
  connection,
  methods,
}: {
  readonly connection: RecordId;
  readonly methods: readonly PlantMethod[];
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [search, setSearch] = useState("");
  const detail = useLoad(answerOf(calls.get, { params: { id: connection } }));
  const words = search.toLowerCase().split(/\s+/);
  const fitting = methods.filter(({ path }) => words.every((word) => path.join(" ").toLowerCase().includes(word)));
  if (methods.length === 0) return <p className="dw-quiet">{t("connect.tools.noMethods")}</p>;
  const isOff = detail.value !== undefined && !detail.value.allowCommands;
  return (
    <>
      <h3 className="dw-small-title">{t("connect.tools.methods", { count: methods.length })}</h3>
      {isOff && (
        <p className="dw-note dw-plant-tools">
          {t("connect.tools.commandsOff")}
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              studio.client
                .changeConnection(connection, { allowCommands: true })
                .then(() => detail.reload())
                .catch((error: unknown) => studio.notifyFailure(error))
            }
          >
            {t("connect.tools.allow")}
          </Button>
        </p>
      )}
      {methods.length >= MIN_SEARCHED && (
        <TextInput
          size="sm"
          placeholder={t("connect.tools.search")}
          aria-label={t("connect.tools.search")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {fitting.slice(0, MAX_ROWS).map((method) => (
        <MethodRow key={`${method.object} ${method.method}`} connection={connection} method={method} disabled={isOff} />
      ))}
    </>
  );
}
