import { useEffect, useState, type RefObject } from "react";

const MARGIN = "1200px 0px"; // above and below what is seen: nobody scrolls that far between two frames

/** Whether an element is seen, or nearly; until it is known, it is. */
export function useNear(of: RefObject<Element | null>): boolean {
  const [isNear, setNear] = useState(true);
  useEffect(() => {
    if (!of.current) return;
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? true), {
      rootMargin: MARGIN,
    });
    observer.observe(of.current);
    return () => observer.disconnect();
  }, [of]);
  return isNear;
}
