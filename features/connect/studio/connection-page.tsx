import * as calls from "../calls.ts";
import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Failure, answerOf, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { ConnectionLosses } from "./connection-losses.tsx";
import { ConnectionRights } from "./connection-rights.tsx";
import { ConnectionSignals } from "./connection-signals.tsx";

/** One connection: what it may, how it is spoken to, what was lost, how far its clocks are off, and what each of its signals means. */
export function ConnectionPage({ id }: { readonly id: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const detail = useLoad(answerOf(calls.get, { params: { id } }), { everyMs: 5_000 });
  const back = (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconArrowLeft size={15} />}
      className="dw-connection-back"
      onClick={() => studio.address.go({ detail: undefined })}
    >
      {t("connect.connection.back")}
    </Button>
  );
  if (detail.value === undefined)
    return (
      <>
        {back}
        {detail.kind === "failed" && <Failure message={detail.message} code={detail.code} onRetry={detail.reload} />}
      </>
    );
  return (
    <>
      {back}
      <ConnectionRights detail={detail.value} onChanged={detail.reload} />
      <ConnectionLosses detail={detail.value} />
      <ConnectionSignals connection={id} mayAdminister={detail.value.mayAdminister} />
    </>
  );
}
