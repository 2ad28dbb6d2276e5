<?php
// A page with a session, settings, a counter in the cache server, and a log of the day.
session_start();
$_SESSION['seen'] = ($_SESSION['seen'] ?? 0) + 1;
$number = (int) ($_GET['id'] ?? 0) % 60;
$data = json_decode(file_get_contents(__DIR__ . "/static/data-$number.json"), true);
$cache = @fsockopen('127.0.0.1', 18379, $code, $text, 1);
if ($cache) {
    fwrite($cache, "INCR seen:$number\r\n");
    $count = trim(fgets($cache));
    fclose($cache);
}
file_put_contents('/var/log/shop/shop-' . date('Y-m-d') . '.log', date('c') . " $number\n", FILE_APPEND);
echo '<h1>Product ' . $data['id'] . '</h1>' . ($count ?? '');
