import { message } from "@doppelwerk/messages";
import { Component } from "react";
import type { ComponentType, ReactNode } from "react";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";

interface Props {
  readonly file: string;
  readonly children: ReactNode;
}

/** What React says where there are two of it leads nowhere: the file that brings the second one is named in its place. */
class OwnReactFence extends Component<Props, { readonly error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error: error ?? new Error() };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error !== undefined)
      throw new DoppelwerkError("DW_INVALID", message("frame.packOwnReact", { file: this.props.file, reason: reasonOf(error) }));
    return this.props.children;
  }
}

/** A component of a pack that has a React of its own in `file`. It may not use it here: then it is shown as it is. */
export function withOwnReactNamed(Shown: ComponentType<object>, file: string): ComponentType<object> {
  return function PartOfPack(props) {
    return (
      <OwnReactFence file={file}>
        <Shown {...props} />
      </OwnReactFence>
    );
  };
}
