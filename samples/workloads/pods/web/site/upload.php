<?php
$name = bin2hex(random_bytes(8)) . '.png';
move_uploaded_file($_FILES['picture']['tmp_name'], __DIR__ . "/uploads/$name");
echo $name;
