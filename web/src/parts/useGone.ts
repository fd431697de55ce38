import { useEffect, useRef } from "preact/hooks";

/** Whether the component has gone, as by "back": then what it asked for is answered elsewhere. */
export function useGone(): { readonly current: boolean } {
  const gone = useRef(false);
  useEffect(
    () => () => {
      gone.current = true;
    },
    [],
  );
  return gone;
}
