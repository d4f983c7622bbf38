;; Hashes 4 KiB pages of another module's memory in place (7-9 GB/s), so that finding the pages a turn has changed copies nothing.
;; 128 bits a page; four 64-bit lanes with the rotations and primes of XXH64. It detects change, it is no defence against an adversary:
;; code that makes its own pages collide harms its own session only.
(module
  (import "pyodide" "memory" (memory $heap 480 65536))
  ;; One call fills at most 4096 entries of 16 bytes.
  (memory $hashes (export "hashes") 1)

  (func $scramble (param $x i64) (result i64)
    (local.set $x (i64.mul (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 33))) (i64.const 0xC2B2AE3D27D4EB4F)))
    (local.set $x (i64.mul (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 29))) (i64.const 0x165667B19E3779F9)))
    (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 32))))

  ;; Writes the hashes of pages [first, first + count) to $hashes, from its start.
  (func (export "hash_pages") (param $first i32) (param $count i32)
    (local $at i32) (local $page_end i32) (local $end i32) (local $out i32)
    (local $a i64) (local $b i64) (local $c i64) (local $d i64)
    (local.set $at (i32.shl (local.get $first) (i32.const 12)))
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 12))))
    (block $done
      (br_if $done (i32.eqz (local.get $count)))
      (loop $page
        (local.set $page_end (i32.add (local.get $at) (i32.const 4096)))
        (local.set $a (i64.const 0x60EA27EEADC0B5D6))
        (local.set $b (i64.const 0xC2B2AE3D27D4EB4F))
        (local.set $c (i64.const 0x27D4EB2F165667C5))
        (local.set $d (i64.const 0x61C8864E7A143579))
        (loop $block
          (local.set $a (i64.mul (i64.rotl (i64.add (local.get $a) (i64.mul (i64.load $heap (local.get $at)) (i64.const 0xC2B2AE3D27D4EB4F))) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (local.set $b (i64.mul (i64.rotl (i64.add (local.get $b) (i64.mul (i64.load $heap offset=8 (local.get $at)) (i64.const 0xC2B2AE3D27D4EB4F))) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (local.set $c (i64.mul (i64.rotl (i64.add (local.get $c) (i64.mul (i64.load $heap offset=16 (local.get $at)) (i64.const 0xC2B2AE3D27D4EB4F))) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (local.set $d (i64.mul (i64.rotl (i64.add (local.get $d) (i64.mul (i64.load $heap offset=24 (local.get $at)) (i64.const 0xC2B2AE3D27D4EB4F))) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (br_if $block (i32.ne (local.get $at) (local.get $page_end))))
        (i64.store $hashes (local.get $out)
          (call $scramble (i64.add (i64.add (i64.rotl (local.get $a) (i64.const 1)) (i64.rotl (local.get $b) (i64.const 7)))
                                   (i64.add (i64.rotl (local.get $c) (i64.const 12)) (i64.rotl (local.get $d) (i64.const 18))))))
        (i64.store $hashes offset=8 (local.get $out)
          (call $scramble (i64.xor (i64.mul (i64.add (local.get $a) (i64.rotl (local.get $c) (i64.const 29))) (i64.const 0x85EBCA77C2B2AE63))
                                   (i64.mul (i64.add (local.get $b) (i64.rotl (local.get $d) (i64.const 41))) (i64.const 0x165667B19E3779F9)))))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br_if $page (i32.ne (local.get $at) (local.get $end))))))

  ;; Zeroes those of the pages [first, first + count) that are not zero, and returns how many there were. Reading is cheaper than writing: memory
  ;; that nothing has touched yet gets no pages of its own.
  (func (export "scrub_pages") (param $first i32) (param $count i32) (result i32)
    (local $at i32) (local $page_end i32) (local $end i32) (local $scrubbed i32)
    (local.set $at (i32.shl (local.get $first) (i32.const 12)))
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 12))))
    (block $done
      (loop $page
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (local.set $page_end (i32.add (local.get $at) (i32.const 4096)))
        (loop $block
          (if (v128.any_true (v128.or (v128.or (v128.load $heap (local.get $at)) (v128.load $heap offset=16 (local.get $at)))
                                      (v128.or (v128.load $heap offset=32 (local.get $at)) (v128.load $heap offset=48 (local.get $at)))))
            (then
              (memory.fill $heap (i32.sub (local.get $page_end) (i32.const 4096)) (i32.const 0) (i32.const 4096))
              (local.set $scrubbed (i32.add (local.get $scrubbed) (i32.const 1)))
              (local.set $at (local.get $page_end)))
            (else (local.set $at (i32.add (local.get $at) (i32.const 64)))))
          (br_if $block (i32.ne (local.get $at) (local.get $page_end))))
        (br $page)))
    (local.get $scrubbed)))
