# Limits of the shell: memory, stack, open files, processes, file size. What does not fit ends in words
# and a status, and leaves what was there; nothing crashes, and nothing stays for ever.
. "$top_srcdir/tests/tap.sh"
"$EMBEDLLM" -q -d sound.db demo --no-train && "$EMBEDLLM" -q -d sound.db train --epochs 3
printf 'model,benchmark,question,label\nm,b,q,1\nn,b,q,0\n' >a.csv
printf 'model,price_in\nm,1\n' >prices.csv
printf '4t<Enter><Wait>3<Wait>Q\n' >keys
cp "$EMBEDLLM" embedllm
chmod 777 . && chmod 755 embedllm

# Root may start as many processes as it likes.
as=
if [ "$(id -u)" = 0 ]; then
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi

# under LIMIT VALUE VERB...: sets $status and $err
under() {
	local limit=$1 value=$2
	shift 2
	rm -f x.db* && cp sound.db x.db && chmod 666 x.db
	run timeout 60 ${become:-} bash -c "ulimit -S $limit $value || exit 99; exec ./embedllm -q -d x.db $*"
}

# Ends by itself, and says why where it did not do what it was told.
ended() { # NAME
	like "$1: ends, in words" "$status ${err//$'\n'/ }" '^(0 |1 .*(memory|ulimit)|127 .*shared lib|3 .*open files)'
	is "$1: the database" "$(sqlite3 x.db 'PRAGMA integrity_check')" ok
}

if (ulimit -S -v 2000000 && ./embedllm --version >/dev/null 2>&1); then
	for size in ${TEST_LONG:+150000 400000 700000 1000000} 50000 100000 300000 600000 2000000; do
		for verb in models 'import a.csv' 'models import prices.csv' 'explore --script keys' evaluate \
			'train --epochs 2'; do
			under -v $size "$verb"
			ended "$verb with $size kB of memory"
		done
	done
	is 'enough memory: all is done' "$status $(sqlite3 x.db 'SELECT count(*) FROM run')" '0 2'
	under -v 300000 benchmarks
	is 'names of models need little memory' "$status$err" 0
	under -v 300000 evaluate
	like 'too little memory for products: says so, and the limit' "$err" 'ulimit -v'
else
	skip 'a limit of memory' 'this build wants terabytes of address space'
fi

for size in 256 64; do
	for verb in models 'train --epochs 2' evaluate 'explore --script keys' encode map doctor; do
		under -s $size "$verb"
		is "$verb with a stack of $size kB" "$status$err" 0
	done
done

for n in 5 8; do
	for verb in models 'train --epochs 2' 'export labels l.csv' 'backup b.db' 'explore --script keys'; do
		under -n $n "$verb"
		like "$verb with $n open files: ends, in words" "$status $err" '^(0|[13] embedllm: .*Too many open files)'
		is "$verb with $n open files: the database" "$(sqlite3 x.db 'PRAGMA integrity_check')" ok
	done
done

become=$as
if timeout 60 $become ./embedllm --version >/dev/null 2>&1; then
	for verb in models 'train --epochs 2' evaluate 'explore --script keys'; do
		under -u 1 "$verb"
		like "$verb with one process: ends, in words" "$status ${err//$'\n'/ }" '^(0|1 .*ulimit -u)'
	done
else
	skip 'a limit of processes' 'cannot become another user here'
fi
become=

# File size: nothing half stays.
{ echo model,benchmark,question,label; for q in $(seq 20000); do echo "m,b,the question $q,1"; done; } >more.csv
for verb in 'export labels l.csv' 'backup b.db' 'train --epochs 3' 'export encodings --format npy v.npy' \
	'import more.csv'; do
	rm -f l.csv b.db
	under -f 200 "$verb"
	like "$verb with files of 200 kB: says so" "$status $err" '^1 embedllm: .*File too large'
	is "$verb with files of 200 kB: the database" "$(sqlite3 x.db 'PRAGMA integrity_check')" ok
	is "$verb with files of 200 kB: nothing half" "$(ls l.csv b.db v.npy ./*tmp 2>/dev/null)" ''
done

finish
