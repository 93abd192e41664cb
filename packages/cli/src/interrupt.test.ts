import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { interruptSignal } from './interrupt';
import { Interrupted } from './interrupted';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function fakeProcess() {
  return Object.assign(new EventEmitter(), { exit: vi.fn() });
}

it('asks to stop first, takes the same key press once, and ends the process at the second', () => {
  const target = fakeProcess();
  const signal = interruptSignal(target);
  expect(signal.aborted).toBe(false);
  target.emit('SIGINT');
  expect(signal.reason).toBe('SIGINT');
  vi.advanceTimersByTime(499);
  target.emit('SIGINT'); // npm passing it on
  expect(target.exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  target.emit('SIGINT');
  expect(target.exit).toHaveBeenCalledExactlyOnceWith(130);
});

it('has the exit code of the signal', () => {
  const target = fakeProcess();
  const signal = interruptSignal(target);
  target.emit('SIGTERM');
  expect(new Interrupted(signal).exitCode).toBe(143);
  vi.advanceTimersByTime(1000);
  target.emit('SIGTERM');
  expect(target.exit).toHaveBeenCalledExactlyOnceWith(143);
});
