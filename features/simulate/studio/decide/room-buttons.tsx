import { Button } from "@mantine/core";
import { IconTargetArrow } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import { decideRoom } from "./slots.ts";

/** The ways to the rooms that are open from here. */
export function RoomButtons(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  return (
    <div className="dw-decide-rooms">
      {studio.views
        .of(decideRoom)
        .filter(({ data }) => data.title !== undefined)
        .map(({ id, data }) => (
          <Button
            key={id}
            variant="default"
            size="sm"
            leftSection={data.leads === true ? <IconTargetArrow size={16} /> : undefined}
            onClick={() => studio.address.go({ detail: data.name })}
          >
            {t(data.title!)}
          </Button>
        ))}
    </div>
  );
}
